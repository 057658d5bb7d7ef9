using System.Text.Json.Serialization;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Ledger;

/// <summary>
/// Money that OMS settled: one completed transaction that turned cash into tokens (docs/decisions/0008-money-is-booked-once.md).
/// </summary>
/// <param name="TransactionId">The transaction; identifies the settlement.</param>
/// <param name="CashInId">The cash-in it settles; empty when the transaction names none.</param>
/// <param name="CustomerId">Whose money it is; empty when unknown.</param>
/// <param name="Gross">What was paid in, in units of the source asset.</param>
/// <param name="Fees">What was deducted.</param>
/// <param name="Net">What arrived: the transaction's <c>destination.amountNet</c>, in units of <paramref name="Asset"/>.</param>
/// <param name="Asset">Asset that arrived, such as <c>usdc</c>.</param>
/// <param name="Network">Network it arrived on, such as <c>polygon</c>.</param>
/// <param name="TxHash">The transfer on the chain, if known.</param>
/// <param name="SettledAt">When OMS completed it.</param>
/// <param name="InstanceId">The journey it is credited to; null while no journey claims it.</param>
public sealed record Settlement(
    string TransactionId,
    string CashInId,
    string CustomerId,
    decimal Gross,
    decimal Fees,
    decimal Net,
    string Asset,
    string Network,
    string? TxHash,
    DateTimeOffset SettledAt,
    string? InstanceId);

/// <summary>What became of a settlement.</summary>
[JsonConverter(typeof(KnownNamesConverter<SettlementState>))]
public enum SettlementState
{
    /// <summary>No journey claims it; an operator has to look.</summary>
    Unclaimed = 0,

    /// <summary>Credited by its journey.</summary>
    Booked,

    /// <summary>Credited to a journey by an operator.</summary>
    Attached,

    /// <summary>Settled by an operator outside this app.</summary>
    Handled,

    /// <summary>One that a newer version wrote and this one does not know.</summary>
    Unknown,
}

/// <summary>Why no journey claims a settlement.</summary>
[JsonConverter(typeof(KnownNamesConverter<UnclaimedReason>))]
public enum UnclaimedReason
{
    /// <summary>It has a cash-in, but no journey booked it in time: usually cash that came after the journey's end.</summary>
    NotBooked = 0,

    /// <summary>The transaction names no cash-in.</summary>
    NoCashIn,

    /// <summary>The transaction names no customer.</summary>
    NoCustomer,

    /// <summary>
    /// What OMS says of it does not fit itself: more came out than went in, or it is no cash for tokens. Compare before you attach.
    /// </summary>
    MoneyDiffers,

    /// <summary>One that a newer version wrote and this one does not know.</summary>
    Unknown,
}

/// <summary>A settlement with what became of it.</summary>
/// <param name="State">What became of it.</param>
/// <param name="RecordedAt">When it was written down.</param>
/// <param name="Reason">Why it was unclaimed, if it ever was.</param>
/// <param name="Reference">The operator's own reference of the decision.</param>
public sealed record SettlementRecord(
    Settlement Settlement, SettlementState State, DateTimeOffset RecordedAt, UnclaimedReason? Reason, string? Reference)
{
    /// <summary>What OMS said of it when it was written down, as JSON: ids, states, amounts, times.</summary>
    public string? Said { get; init; }
}

/// <summary>A settlement cannot be credited again: it belongs to somebody else, was settled by hand, or its amount differs.</summary>
public sealed class SettlementConflictException(SettlementRecord existing)
    : Exception(
        $"Transaction {existing.Settlement.TransactionId} is {existing.State} already, "
            + $"for {existing.Settlement.InstanceId ?? "no journey"}.")
{
    /// <summary>What stands in the ledger.</summary>
    public SettlementRecord Existing { get; } = existing;
}
