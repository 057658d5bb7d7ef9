using System.Text.Json.Serialization;

namespace OmsWorkflows.Ledger;

/// <summary>What OMS settled against what was credited, for the transactions created in a span of time.</summary>
/// <param name="Balanced">Whether every settled transaction is credited, with its amount, and nothing else is.</param>
/// <param name="Totals">Sums, one row per asset.</param>
/// <param name="Missing">Transactions OMS completed a while ago that the ledger does not know.</param>
/// <param name="Unclaimed">Transactions in the ledger that no journey claims.</param>
/// <param name="Mismatched">Transactions credited with another amount than OMS settled.</param>
/// <param name="Unfounded">Transactions in the ledger that OMS did not settle.</param>
/// <param name="InFlight">Transactions OMS completed just now: their journeys are about to book them. No reason not to be balanced.</param>
/// <param name="Unread">
/// Transactions of which OMS or the ledger could not be read: nothing is known of them, so nothing is balanced.
/// </param>
public sealed record ReconciliationReport(
    DateTimeOffset From,
    DateTimeOffset To,
    bool Balanced,
    IReadOnlyList<AssetTotals> Totals,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Unclaimed,
    IReadOnlyList<AmountMismatch> Mismatched,
    IReadOnlyList<string> Unfounded,
    IReadOnlyList<string> InFlight,
    IReadOnlyList<string> Unread);

/// <summary>Sums of one asset, in its units.</summary>
/// <param name="Asset">The asset, such as <c>usdc</c>.</param>
/// <param name="SettledCount">How many transactions OMS completed.</param>
/// <param name="Settled">What arrived by them.</param>
/// <param name="CreditedCount">How many of them are credited.</param>
/// <param name="Credited">What is credited.</param>
/// <param name="Unclaimed">What waits for an operator.</param>
public sealed record AssetTotals(
    string Asset,
    int SettledCount,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] decimal Settled,
    int CreditedCount,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] decimal Credited,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] decimal Unclaimed)
{
    /// <summary>What is settled and not credited; negative when more was credited.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public decimal Difference => Settled - Credited;
}

/// <summary>One transaction, two amounts.</summary>
/// <param name="Settled">What OMS says arrived.</param>
/// <param name="Credited">What the ledger says.</param>
public sealed record AmountMismatch(
    string TransactionId,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] decimal Settled,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] decimal Credited);
