using System.Text.Json.Nodes;
using OmsWorkflows.Soak;
using OmsWorkflows.Soak.Books;

namespace OmsWorkflows.Load.Measures;

/// <summary>What the tills took, what OMS settled, what the ledger credits and what each journey says: the same, to the cent.</summary>
internal static class Books
{
    /// <returns>What does not reconcile; empty if all does.</returns>
    public static IReadOnlyList<string> Check(
        LoadOptions options,
        decimal taken,
        IReadOnlyList<JsonObject> documents,
        IReadOnlyList<JsonObject> settlements,
        IReadOnlyList<LedgerRow> ledger,
        int deadLetters,
        JsonObject reconciliation)
    {
        var violations = new List<string>();
        Equal("cash taken, USD", options.CashIns * LoadOptions.Amount, taken);
        foreach (var phase in documents.CountBy(document => document.Text("phase")!).Where(phase => phase.Key != "Completed"))
            violations.Add($"{phase.Value} journeys ended as {phase.Key}");
        Equal("settled by OMS, count", options.CashIns, settlements.Count);
        Equal("booked, count", options.CashIns, ledger.Count(row => row.IsBooked));
        Equal("kept, count", 0, ledger.Count(row => !row.IsBooked));
        Equal("credited, net", settlements.Sum(settlement => settlement.Money("net")), ledger.Sum(row => row.Net));
        Equal("said by journeys, net", ledger.Sum(row => row.Net), documents.Sum(document => document["settlement"].Money("net")));
        Equal("journeys credited", options.CashIns, ledger.Select(row => row.JourneyId).Distinct().Count());
        Equal("dead letters", 0, deadLetters);
        if (!reconciliation.Is("balanced"))
            violations.Add($"the app's reconciliation is not balanced: {reconciliation.ToJsonString()}");
        return violations;

        void Equal<T>(string what, T expected, T found)
            where T : IEquatable<T>
        {
            if (!expected.Equals(found))
                violations.Add($"{what}: {found} instead of {expected}");
        }
    }
}
