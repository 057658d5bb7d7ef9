using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.FunctionsHost.Settings;

/// <summary>local.settings.json of the app's folder.</summary>
/// <param name="Values">Settings of the app, as environment variables are written; the environment itself overrides them.</param>
/// <param name="Port"><c>Host.LocalHttpPort</c>.</param>
internal sealed record LocalSettings(IReadOnlyDictionary<string, string> Values, int? Port)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the file; without one, nothing is set.</summary>
    /// <exception cref="StartRefusedException">It cannot be read, or is encrypted.</exception>
    public static LocalSettings Read(string appFolder)
    {
        var path = Path.Combine(appFolder, "local.settings.json");
        if (!File.Exists(path))
            return new(new Dictionary<string, string>(), null);

        return StartRefusedException.Reading(path, () =>
        {
            var root = JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient) as JsonObject ?? [];
            if (root["IsEncrypted"]?.GetValue<bool>() == true)
                throw new StartRefusedException($"{path} is encrypted, which this host does not read: decrypt it with Core Tools.");

            var values = root[nameof(Values)] as JsonObject ?? [];
            var host = root["Host"];
            if (host?["CORS"] is not null)
                throw new StartRefusedException($"{path}: Host.CORS is not served by this host. Remove it.");

            return new LocalSettings(
                values.ToDictionary(value => value.Key.Replace(":", "__", StringComparison.Ordinal), value => $"{value.Value}"),
                host?["LocalHttpPort"]?.GetValue<int>());
        });
    }
}
