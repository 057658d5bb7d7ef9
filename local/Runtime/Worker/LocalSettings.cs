using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.Runtime.Worker;

/// <summary>local.settings.json: its <c>Values</c> are settings of the app, below environment variables.</summary>
internal static class LocalSettings
{
    /// <summary>Comments and trailing commas are allowed, as the Functions tools allow them.</summary>
    public static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads <c>Values</c> with <c>__</c> turned into <c>:</c>; nothing if there is no file.</summary>
    /// <exception cref="InvalidOperationException">The file is not JSON or its values are not text.</exception>
    public static IReadOnlyDictionary<string, string?> Read(string path)
    {
        if (!File.Exists(path))
            return new Dictionary<string, string?>();

        try
        {
            var values = JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient)?["Values"] as JsonObject ?? [];
            return values.ToDictionary(value => value.Key.Replace("__", ":", StringComparison.Ordinal), value => value.Value?.GetValue<string>());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{path} cannot be read: \"Values\" must be an object of strings. {e.Message}", e);
        }
    }
}
