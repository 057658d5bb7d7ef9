using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Local.Receiver;

/// <summary>
/// What was told, one JSON object a line, in the order it was first told. It stands in for your table: the id is known before the answer is
/// given, so that what comes again is told from what is new.
/// </summary>
internal sealed class ToldFile
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly HashSet<string> _ids;

    public ToldFile(string path)
    {
        _path = path;
        string[] lines = File.Exists(path) ? [.. File.ReadLines(path).Where(IsWhole)] : [];
        File.WriteAllLines(path, lines);
        _ids = [.. lines.Select(line => JsonNode.Parse(line)!["id"]!.GetValue<string>())];
    }

    /// <summary>Keeps a notification; false when it was kept before.</summary>
    public bool Add(string id, JsonNode notification)
    {
        lock (_gate)
        {
            if (!_ids.Add(id))
                return false;
            using var file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            JsonSerializer.Serialize(file, new JsonObject { ["id"] = id, ["notification"] = notification.DeepClone() });
            file.WriteByte((byte)'\n');
            file.Flush(flushToDisk: true);
            return true;
        }
    }

    /// <summary>A line may have been cut off by a crash; its sender was not answered and sends it again.</summary>
    private static bool IsWhole(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
