using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Oms;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.CashIns;

/// <summary>
/// What a cash-in runs with: ids, an amount and times. The applicant and the place asked for stay in the intake row
/// (docs/decisions/0005-personal-data.md).
/// </summary>
/// <param name="CustomerId">The customer; <see langword="null"/> to onboard the applicant of the intake row first.</param>
/// <param name="WalletId">The wallet; <see langword="null"/> to use or provision the customer's.</param>
/// <param name="IndicatedAmount">What the person means to pay in, in USD; only for the estimate (docs/oms-api.md 7.1).</param>
/// <param name="Onboarding">Times of the onboarding.</param>
/// <param name="Options">Times and counts of the cash-in.</param>
public sealed record CashInInput(
    string? CustomerId, string? WalletId, decimal? IndicatedAmount, OnboardingOptions Onboarding, CashInOptions Options)
{
    /// <summary>Whether its milestones are told; set when it starts, and kept.</summary>
    public bool Tells { get; init; }

    /// <summary>What the execution before left; null at the start.</summary>
    public JourneyMemory? Memory { get; init; }

    /// <summary>How far the onboarding came in the execution before; null at the start.</summary>
    public OnboardingProgress? OnboardingProgress { get; init; }

    /// <summary>How far the cash-in came in the execution before; null at the start.</summary>
    public CashInProgress? Progress { get; init; }
}

/// <summary>Asks for a deposit code.</summary>
/// <param name="InstanceId">The journey; part of the idempotency key.</param>
/// <param name="WalletId">Where the USDC goes.</param>
/// <param name="IndicatedAmount">In USD.</param>
public sealed record CreateCashInRequest(string InstanceId, string CustomerId, string WalletId, decimal? IndicatedAmount);

/// <summary>Asks for a fresh code on the same cash-in.</summary>
/// <param name="Round">The round; part of the idempotency key, so a retry repeats it and a new round does not.</param>
public sealed record RefreshCashInRequest(string InstanceId, string CashInId, int Round)
{
    /// <summary>As in <see cref="CashInOfJourney.ReceivedAt"/>.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }
}

/// <summary>Names a cash-in for one journey, with what its money is compared with.</summary>
public sealed record CashInOfJourney(string InstanceId, string CashInId, string CustomerId, string WalletId)
{
    /// <summary>When the journey was asked for (UTC), as <see cref="CashInSnapshot.ReceivedAt"/> said; null if it did not.</summary>
    public DateTimeOffset? ReceivedAt { get; init; }
}

/// <summary>A cash-in at OMS as the journey needs to see it.</summary>
/// <param name="Status">OMS's status.</param>
/// <param name="SubStatus">OMS's finer word; only shown, never decided on.</param>
/// <param name="Deposit">The code.</param>
/// <param name="TransactionId">The transaction, once cash arrived.</param>
public sealed record CashInSnapshot(string CashInId, CashInStatus Status, string? SubStatus, DepositState Deposit, string? TransactionId)
{
    /// <summary>Webhook events that were waiting in the inbox.</summary>
    public IReadOnlyList<Signal> Signals { get; init; } = [];

    /// <summary>
    /// When the journey was asked for (UTC), by which it is filed: said when the code was made, along with which the intake was emptied of
    /// what is personal. Null where an older version made the code.
    /// </summary>
    public DateTimeOffset? ReceivedAt { get; init; }

    /// <summary>How the transaction stands, if it was read.</summary>
    public TransactionStatus? Transaction { get; init; }

    /// <summary>What was really paid in at the till, in USD, once OMS says so.</summary>
    public decimal? PaidIn { get; init; }

    /// <summary>Fields in which the settled money is not what was asked for; then nothing was booked.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>What was booked, once both the cash-in and its transaction are completed.</summary>
    public Settlement? Booked { get; init; }

    /// <summary>
    /// Whether the transaction is in the ledger for somebody else already: another journey, or an operator who handled it.
    /// </summary>
    public bool BookedElsewhere { get; init; }

    /// <summary>
    /// Whether the journey was closed along with the booking: it listens to nothing any more, and its personal data is gone.
    /// </summary>
    public bool Closed { get; init; }

    /// <summary>Reads a cash-in.</summary>
    public static CashInSnapshot Of(CashIn cashIn)
    {
        ArgumentNullException.ThrowIfNull(cashIn);
        var instructions = cashIn.DepositInstructions;
        var deposit = new DepositState(
            instructions?.Code, instructions?.ExpiresAt, instructions?.LocationName, instructions?.LocationAddress, 0, 0);
        return new(cashIn.Id, cashIn.Status, cashIn.SubStatus, deposit, cashIn.TransactionId) { PaidIn = cashIn.Source?.Amount };
    }
}
