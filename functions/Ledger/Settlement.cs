using System.Text.Json.Serialization;
using OmsWorkflows.Actions;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Ledger;

/// <summary>
/// Money that OMS settled: one completed transaction that turned cash, or money from a bank, into tokens
/// (docs/decisions/0008-money-is-booked-once.md).
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
    string? InstanceId)
{
    /// <summary>How the money came in.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public SettlementKind Kind { get; init; }

    /// <summary>The virtual account that a bank deposit came in by, if OMS says it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? VirtualAccountId { get; init; }

    /// <summary>How a bank deposit came in, such as <c>ach</c> or <c>wire</c>, if OMS says it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Rail { get; init; }
}

/// <summary>How settled money came in.</summary>
[JsonConverter(typeof(KnownNamesConverter<SettlementKind>))]
public enum SettlementKind
{
    /// <summary>Cash at a store: a journey waits for it and books it.</summary>
    CashIn = 0,

    /// <summary>A bank transfer to a customer's virtual account: no journey waits for it; it is booked to the customer.</summary>
    BankDeposit,

    /// <summary>One that a newer version wrote and this one does not know.</summary>
    Unknown,
}

/// <summary>What became of a settlement.</summary>
[JsonConverter(typeof(KnownNamesConverter<SettlementState>))]
public enum SettlementState
{
    /// <summary>No journey claims it; an operator has to look.</summary>
    Unclaimed = 0,

    /// <summary>Credited: by its journey, or, a bank deposit, to its customer.</summary>
    Booked,

    /// <summary>Credited to a journey by an operator.</summary>
    Attached,

    /// <summary>Settled by an operator outside this app.</summary>
    Handled,

    /// <summary>A bank deposit that the sending bank took back, or that never became tokens: nothing is credited.</summary>
    Returned,

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

    /// <summary>When a deposit was found to be returned; null while it is not.</summary>
    public DateTimeOffset? ReturnedAt { get; init; }

    /// <summary>Why OMS says it failed, in its own word.</summary>
    public string? ReturnCode { get; init; }

    /// <summary>
    /// How many states of a deposit there were to announce (<see cref="IDepositListener"/>), the present one included: booked, then
    /// returned.
    /// </summary>
    public long Announcements { get; init; }

    /// <summary>The last state that was announced; null when none was.</summary>
    public SettlementState? Announced { get; init; }

    /// <summary>Whose decision its state is, and why; null when no operator decided.</summary>
    public DecidedBy? Decided { get; init; }
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
