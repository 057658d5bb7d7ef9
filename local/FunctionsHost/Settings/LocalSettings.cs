using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.FunctionsHost.Settings;

/// <summary>local.settings.json of the app's folder.</summary>
/// <param name="Values">Settings of the app, as environment variables are written; the environment itself overrides them.</param>
/// <param name="Port"><c>Host.LocalHttpPort</c>.</param>
/// <param name="AllowedOrigins"><c>Host.CORS</c>, split at commas; empty if there is none.</param>
/// <param name="AllowsCredentials"><c>Host.CORSCredentials</c>.</param>
internal sealed record LocalSettings(IReadOnlyDictionary<string, string> Values, int? Port, IReadOnlyList<string> AllowedOrigins, bool AllowsCredentials)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the file; without one, nothing is set.</summary>
    /// <exception cref="StartRefusedException">It cannot be read, or is encrypted.</exception>
    public static LocalSettings Read(string appFolder)
    {
        var path = Path.Combine(appFolder, "local.settings.json");
        if (!File.Exists(path))
            return new(new Dictionary<string, string>(), null, [], false);

        try
        {
            var root = JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient) as JsonObject ?? throw new InvalidOperationException("it is not an object");
            if (root["IsEncrypted"]?.GetValue<bool>() == true)
                throw new StartRefusedException($"{path} is encrypted, which this host does not read: decrypt it with 'func settings decrypt'.");

            var host = root["Host"];
            return new(
                (root[nameof(Values)] as JsonObject ?? []).ToDictionary(value => value.Key.Replace(":", "__", StringComparison.Ordinal), value => value.Value?.ToString() ?? ""),
                host?["LocalHttpPort"]?.GetValue<int>(),
                (host?["CORS"]?.ToString() ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                host?["CORSCredentials"]?.GetValue<bool>() == true);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{path} cannot be read: {StartRefusedException.Cause(e)}", e);
        }
    }
}
