using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Functions.Tests.Recorded;

/// <summary>
/// While a deployment goes on, two versions read what the other wrote (docs/decisions/0011-many-instances.md). What the released
/// version writes
/// is recorded: rows, signals, inputs and results. This version reads it without losing anything, and still writes all of it, in the same
/// form, so that the released version finds what it looks for. A member or a column may go only when the version before did without it.
/// </summary>
public sealed class PersistedShapesTests
{
    private const string CurrentVersion = "1.0";

    private static string Folder { get; } = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Shapes", CurrentVersion);

    public static TheoryData<string> Names => [.. Samples.Records.Select(Samples.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_the_released_version_wrote_is_read_and_nothing_is_lost(string name)
    {
        var recorded = Recorded(name);

        var read = JsonSerializer.Deserialize(recorded, Of(name), Samples.Json);

        Missing(recorded, JsonSerializer.SerializeToNode(read, Of(name), Samples.Json), byValue: true).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_this_version_writes_has_all_that_the_released_one_looks_for(string name)
        => Missing(Recorded(name), Samples.Of(Of(name)), byValue: false).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_newer_version_adds_is_passed_over(string name)
    {
        var newer = Recorded(name);
        Extend(newer);

        var read = JsonSerializer.Deserialize(newer, Of(name), Samples.Json);

        Missing(Recorded(name), JsonSerializer.SerializeToNode(read, Of(name), Samples.Json), byValue: true).Should().BeEmpty();
    }

    [Fact]
    public void Members_of_enumerations_are_written_as_the_released_version_writes_them()
        => Missing(Recorded("enumerations"), Samples.Enumerations(), byValue: true).Should().BeEmpty();

    [Fact]
    public async Task Rows_have_all_columns_that_the_released_version_looks_for_in_the_same_types()
        => Missing(Recorded("rows"), await Samples.RowsAsync(), byValue: true).Should().BeEmpty();

    [Fact]
    public void All_that_enters_a_history_is_recorded()
        => Directory.EnumerateFiles(Folder).Select(Path.GetFileNameWithoutExtension).Should()
            .BeEquivalentTo(Samples.Records.Select(Samples.Name).Append("rows").Append("enumerations"));

    [Fact]
    public void A_member_that_is_gone_renamed_or_of_another_form_is_found()
    {
        var recorded = JsonNode.Parse("""{ "a": 1, "b": { "c": ["x"], "d": null } }""");

        Missing(recorded, JsonNode.Parse("""{ "a": 1, "b": { "c": ["x"], "d": 2 }, "new": 3 }"""), byValue: true).Should().BeEmpty();
        Missing(recorded, JsonNode.Parse("""{ "a": "1", "b": { "C": ["x"] } }"""), byValue: false).Should().Equal("$.a", "$.b.c");
        Missing(recorded, JsonNode.Parse("""{ "a": 2, "b": { "c": ["y"] } }"""), byValue: true).Should().Equal("$.a", "$.b.c[0]");
    }

    /// <summary>Writes anew what the current version writes: for a release, never to make a failing comparison pass.</summary>
    [Fact(Explicit = true)]
    public async Task Record()
    {
        Directory.CreateDirectory(Folder);
        var options = new JsonSerializerOptions { WriteIndented = true };
        foreach (var type in Samples.Records)
            Write(Samples.Name(type), Samples.Of(type));
        Write("rows", await Samples.RowsAsync());
        Write("enumerations", Samples.Enumerations());

        void Write(string name, JsonNode node) => File.WriteAllText(
            Path.Combine(Folder, name + ".json"), node.ToJsonString(options) + "\n");
    }

    private static Type Of(string name) => Samples.Records.Single(type => Samples.Name(type) == name);

    private static JsonNode Recorded(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".json")))!;

    /// <summary>Where something of what was recorded is not there, or not in its form, or not with its value.</summary>
    private static IEnumerable<string> Missing(JsonNode? recorded, JsonNode? now, bool byValue, string path = "$") => recorded switch
    {
        null => [],
        JsonObject members => now is not JsonObject there
            ? [path]
            : members.SelectMany(member => Missing(member.Value, there[member.Key], byValue, $"{path}.{member.Key}")),
        JsonArray items => now is not JsonArray there || there.Count < items.Count
            ? [path]
            : items.SelectMany((item, index) => Missing(item, there[index], byValue, $"{path}[{index}]")),
        _ when now is null || (byValue ? !JsonNode.DeepEquals(recorded, now) : recorded.GetValueKind() != now.GetValueKind()) => [path],
        _ => [],
    };

    /// <summary>Puts a member nobody knows into every object.</summary>
    private static void Extend(JsonNode? node)
    {
        if (node is JsonArray items)
            foreach (var item in items)
                Extend(item);
        if (node is not JsonObject members)
            return;
        foreach (var (_, value) in members.ToList())
            Extend(value);
        members["Newer"] = new JsonObject { ["a"] = new JsonArray(1, null) };
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
