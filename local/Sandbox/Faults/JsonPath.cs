using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.Sandbox.Faults;

/// <summary>
/// Finds members of JSON by a path: names and indexes with dots between them, or as a JSON pointer (RFC 6901). <c>*</c> stands for each
/// member or element.
/// </summary>
internal static class JsonPath
{
    public static IReadOnlyList<string> Segments(string path) => path.StartsWith('/')
        ? [.. path[1..].Split('/').Select(Unescape)]
        : path.Split('.');

    /// <summary>What a path leads to, as texts.</summary>
    public static IEnumerable<string> Texts(JsonNode? root, string path) => Find(root, Segments(path)).Select(Text);

    /// <summary>The nodes a path leads to. A JSON null is a null.</summary>
    public static IEnumerable<JsonNode?> Find(JsonNode? root, IReadOnlyList<string> segments)
    {
        if (segments.Count == 0)
            return [root];
        IReadOnlyList<string> rest = [.. segments.Skip(1)];
        return Children(root, segments[0]).SelectMany(child => Find(child, rest));
    }

    private static string Unescape(string name)
        => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    private static IEnumerable<JsonNode?> Children(JsonNode? node, string segment) => node switch
    {
        JsonObject members when segment == "*" => members.Select(member => member.Value),
        JsonObject members => members.TryGetPropertyValue(segment, out var member) ? [member] : [],
        JsonArray elements when segment == "*" => elements,
        JsonArray elements => Index(segment) is { } index && index < elements.Count ? [elements[index]] : [],
        _ => [],
    };

    public static int? Index(string segment)
        => int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    private static string Text(JsonNode? node)
        => node is null ? "null" : node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
}
