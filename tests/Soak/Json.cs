using System.Globalization;
using System.Text.Json.Nodes;

namespace OmsWorkflows.Soak;

/// <summary>Reads members of answers; one that is absent is null.</summary>
internal static class Json
{
    public static string? Text(this JsonNode? node, string member) => node?[member]?.GetValue<string>();

    public static decimal Money(this JsonNode? node, string member)
        => decimal.Parse(
            node.Text(member) ?? throw new FormatException($"'{member}' is missing."), NumberStyles.Number, CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(this JsonNode? node, string member)
        => node?[member]?.GetValue<DateTimeOffset>() ?? throw new FormatException($"'{member}' is missing.");

    public static bool Is(this JsonNode? node, string member) => node?[member]?.GetValue<bool>() ?? false;

    public static IEnumerable<JsonObject> Items(this JsonNode? node, string member)
        => node?[member]?.AsArray().Select(item => item!.AsObject()) ?? [];
}
