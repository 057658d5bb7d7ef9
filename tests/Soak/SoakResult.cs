using System.Text.Json.Nodes;
using OmsWorkflows.Soak.Books;

namespace OmsWorkflows.Soak;

/// <summary>What a run came to.</summary>
/// <param name="Options">What it was made of.</param>
/// <param name="Books">All that was compared.</param>
/// <param name="Faults">The faults that struck.</param>
/// <param name="Kills">How often host, worker or both were killed.</param>
/// <param name="Took">Wall time, start-up included.</param>
/// <param name="Violations">What does not reconcile; empty if all does.</param>
internal sealed record SoakResult(
    SoakOptions Options, RunBooks Books, IReadOnlyList<FaultFigures> Faults, int Kills, TimeSpan Took, IReadOnlyList<string> Violations)
{
    public bool Reconciled => Violations.Count == 0;
}

/// <summary>How often a fault struck.</summary>
/// <param name="Kind">The fault.</param>
/// <param name="Matched">How often it could have.</param>
/// <param name="Struck">How often it did.</param>
internal sealed record FaultFigures(string Kind, int Matched, int Struck)
{
    public static IReadOnlyList<FaultFigures> Of(JsonObject faults) =>
    [
        .. faults.Items("data").Select(
            fault => new FaultFigures(Name(fault["rule"]!), fault["matched"]!.GetValue<int>(), fault["struck"]!.GetValue<int>())),
    ];

    private static string Name(JsonNode rule)
    {
        var kind = rule.Text("fault")!;
        if (!kind.Equals("status", StringComparison.OrdinalIgnoreCase))
            return kind;
        return $"{kind} {rule["status"]!.GetValue<int>()}{(rule.Is("after") ? " after the effect" : "")}";
    }
}
