using System.Text.Json;

namespace OmsWorkflows.Sandbox.Tests.Support;

/// <summary>Compares two JSON values by member names and kinds, not by values.</summary>
internal static class Shape
{
    // docs/oms-api.md 8 has it on every transaction that went over a chain; not every fixture shows it.
    private static readonly string[] Documented = ["destination.txHash"];

    /// <summary>Where the two differ; empty when they have the same shape. A null stands for any kind.</summary>
    public static IReadOnlyList<string> Differences(JsonElement expected, JsonElement actual, string path = "$")
    {
        if (expected.ValueKind == JsonValueKind.Null || actual.ValueKind == JsonValueKind.Null)
            return [];
        if (Kind(expected) != Kind(actual))
            return [$"{path} is {actual.ValueKind}, not {expected.ValueKind}"];
        if (expected.ValueKind == JsonValueKind.Array)
            return expected.GetArrayLength() == 0 || actual.GetArrayLength() == 0 ? [] : Differences(expected[0], actual[0], path + "[0]");
        if (expected.ValueKind != JsonValueKind.Object || path.EndsWith(".metadata", StringComparison.Ordinal))
            return [];

        var (wanted, given) = (Members(expected), Members(actual));
        return
        [
            .. wanted.Keys.Except(given.Keys).Select(name => $"{path}.{name} is missing"),
            .. given.Keys.Except(wanted.Keys).Select(name => $"{path}.{name}").Where(member => !Documented.Any(member.EndsWith)).Select(
                member => $"{member} is not in the fixture"),
            .. wanted.Keys.Intersect(given.Keys).SelectMany(name => Differences(wanted[name], given[name], $"{path}.{name}")),
        ];
    }

    private static Dictionary<string, JsonElement> Members(JsonElement element)
        => element.EnumerateObject().ToDictionary(member => member.Name, member => member.Value);

    private static JsonValueKind Kind(JsonElement element)
        => element.ValueKind == JsonValueKind.False ? JsonValueKind.True : element.ValueKind;
}
