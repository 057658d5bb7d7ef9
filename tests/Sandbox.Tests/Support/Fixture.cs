using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Sandbox.Tests.Support;

/// <summary>The made-up payloads all tests share.</summary>
internal static class Fixture
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures", "oms");

    public static JsonElement Read(string path) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(Folder, path)));

    public static JsonObject Request(string name)
        => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "resources", $"{name}.request.json")))!.AsObject();

    public static IEnumerable<string> Names(string folder)
        => Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.json").Select(path => Path.GetFileName(path)[..^".json".Length]);
}
