using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>The sample payloads of the docs/oms-api.md under tests/Fixtures/oms.</summary>
internal static class Fixture
{
    private static readonly string Root = Path.Combine(Directory(), "..", "..", "Fixtures", "oms");

    public static string Text(string name) => File.ReadAllText(Path.Combine(Root, name));

    public static JsonNode Node(string name) => JsonNode.Parse(Text(name))!;

    public static T Read<T>(string name, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Text(name), type)!;

    public static IEnumerable<string> Names(string folder)
        => System.IO.Directory.EnumerateFiles(Path.Combine(Root, folder)).Select(Path.GetFileName).Order(StringComparer.Ordinal)!;

    private static string Directory([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
