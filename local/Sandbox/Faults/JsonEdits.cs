using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Faults;

/// <summary>What is done to a member.</summary>
internal enum JsonEditKind
{
    /// <summary>Takes it away.</summary>
    Remove,

    /// <summary>Gives it another value; does nothing when it is not there.</summary>
    Replace,

    /// <summary>Puts it in; in a list at an index, or with <c>-</c> at the end.</summary>
    Insert,
}

/// <summary>One change of one member. The value is written as it was given, whatever it is.</summary>
internal sealed record JsonEdit(JsonEditKind Kind, string Path, RawJson? Value)
{
    /// <summary>Whether there is what it changes.</summary>
    public bool AppliesTo(JsonNode? root)
    {
        var segments = JsonPath.Segments(Path);
        return Kind == JsonEditKind.Insert
            ? JsonPath.Find(root, [.. segments.SkipLast(1)]).Any(parent => parent is JsonObject or JsonArray)
            : JsonPath.Find(root, segments).Any();
    }
}

/// <summary>Changes members of a JSON text.</summary>
internal static class JsonEdits
{
    /// <summary>The changed text; the same one when it is no JSON.</summary>
    public static byte[] Apply(byte[] body, IReadOnlyList<JsonEdit> edits)
    {
        if (Parse(body) is not { } root)
            return body;
        // Values go in as marks first: a value may be something that no JSON tree can hold.
        var mark = Guid.NewGuid().ToString("N");
        for (var number = 0; number < edits.Count; number++)
            Apply(root, edits[number], $"{mark}-{number}");
        var text = new StringBuilder(root.ToJsonString(SandboxJson.Options));
        for (var number = 0; number < edits.Count; number++)
            text.Replace($"\"{mark}-{number}\"", edits[number].Value?.Text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static JsonNode? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Apply(JsonNode root, JsonEdit edit, string mark)
    {
        var segments = JsonPath.Segments(edit.Path);
        var name = segments[^1];
        foreach (var parent in JsonPath.Find(root, [.. segments.SkipLast(1)]).ToList())
        {
            switch (parent)
            {
                case JsonObject members:
                    Change(members, edit.Kind, name, mark);
                    break;
                case JsonArray elements:
                    Change(elements, edit.Kind, name, mark);
                    break;
                default:
                    break;
            }
        }
    }

    private static void Change(JsonObject members, JsonEditKind kind, string name, string mark)
    {
        IReadOnlyList<string> names = name == "*" ? [.. members.Select(member => member.Key)] : [name];
        foreach (var member in names.Where(member => kind == JsonEditKind.Insert || members.ContainsKey(member)))
        {
            if (kind == JsonEditKind.Remove)
                members.Remove(member);
            else
                members[member] = mark;
        }
    }

    private static void Change(JsonArray elements, JsonEditKind kind, string name, string mark)
    {
        if (kind == JsonEditKind.Insert)
        {
            elements.Insert(Math.Min(JsonPath.Index(name) ?? elements.Count, elements.Count), mark);
            return;
        }
        var indexes = Enumerable.Range(0, elements.Count).Where(index => name == "*" || index == JsonPath.Index(name)).Reverse().ToList();
        foreach (var index in indexes)
        {
            if (kind == JsonEditKind.Remove)
                elements.RemoveAt(index);
            else
                elements[index] = mark;
        }
    }
}
