using System.Text.Json.Serialization;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.Journeys;

/// <summary>
/// Why a journey is where it is; kept as the orchestration's custom status and shown to the caller (docs/architecture.md). Holds no
/// personal data.
/// </summary>
public sealed record JourneyStatus
{
    /// <summary>Where the journey stands.</summary>
    public JourneyPhase Phase { get; init; }

    /// <summary>Since when (UTC).</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Whether the journey is over: it will not move again.</summary>
    public bool Ended { get; init; }

    /// <summary>What the journey waits for, in words.</summary>
    public string? Awaiting { get; init; }

    /// <summary>Until when it waits (UTC).</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What happens then.</summary>
    public string? Then { get; init; }

    /// <summary>Whether a wait has lasted longer than it should and somebody ought to look.</summary>
    public bool Overdue { get; init; }

    /// <summary>The caller asked to cancel; the journey ends as soon as no money can come any more.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>
    /// Whether money may be on its way: cash was taken, or a payout was sent to OMS. From then on nothing can be cancelled.
    /// </summary>
    public bool MoneyMayMove { get; init; }

    /// <summary>That OMS does not answer, since when and why; null while it does.</summary>
    public SilenceState? Silence { get; init; }

    /// <summary>A fault of this app that keeps the journey from going on; null while there is none.</summary>
    public JourneyFault? Fault { get; init; }

    /// <summary>The phases entered so far, oldest first, this one included.</summary>
    public IReadOnlyList<PassedPhase> Passed { get; init; } = [];

    /// <summary>The customer at OMS.</summary>
    public string? CustomerId { get; init; }

    /// <summary>
    /// The journey that made the customer, when it was not this one: both named the same <c>externalId</c>. What this one said of the
    /// person
    /// was not sent then.
    /// </summary>
    public string? CustomerAdoptedFrom { get; init; }

    /// <summary>The endorsements the journey needs and what OMS says of each.</summary>
    public IReadOnlyList<EndorsementState>? Endorsements { get; init; }

    /// <summary>The wallet the money goes to.</summary>
    public WalletState? Wallet { get; init; }

    /// <summary>The cash-in at OMS.</summary>
    public string? CashInId { get; init; }

    /// <summary>The transaction at OMS that carries the money, once cash was taken.</summary>
    public string? TransactionId { get; init; }

    /// <summary>What was paid in at the till, in USD, once cash was taken.</summary>
    public decimal? PaidIn { get; init; }

    /// <summary>The code to show at the till.</summary>
    public DepositState? Deposit { get; init; }

    /// <summary>The money that was booked.</summary>
    public Settlement? Settlement { get; init; }

    /// <summary>The price of a payout.</summary>
    public QuoteState? Quote { get; init; }

    /// <summary>The payout at OMS.</summary>
    public PayoutState? Payout { get; init; }

    /// <summary>Why the journey did not succeed.</summary>
    public JourneyReason? Reason { get; init; }
}

/// <summary>One endorsement as OMS reports it (docs/oms-api.md 4.3).</summary>
/// <param name="Name">Such as <c>basic</c> or <c>usd</c>.</param>
/// <param name="Status">OMS's word for it, such as <c>PENDING</c>.</param>
/// <param name="Missing">Names of what OMS still needs.</param>
/// <param name="Issues">What OMS found wrong, by requirement.</param>
/// <param name="RejectionReasons">Why OMS refused.</param>
public sealed record EndorsementState(
    string Name, string Status, IReadOnlyList<string> Missing, IReadOnlyList<string> Issues, IReadOnlyList<string> RejectionReasons);

/// <summary>A wallet.</summary>
/// <param name="Id">The wallet at OMS.</param>
/// <param name="Address">Its address on chain; <see langword="null"/> if the caller named the wallet.</param>
/// <param name="Asset">Such as <c>usdc</c>.</param>
/// <param name="Network">Such as <c>polygon</c>.</param>
public sealed record WalletState(string Id, string? Address, string Asset, string Network);

/// <summary>A deposit code.</summary>
/// <param name="Code">Opaque text, to be shown as it is (docs/oms-api.md 7.2).</param>
/// <param name="ExpiresAt">When the till stops taking it (UTC).</param>
/// <param name="LocationName">The store.</param>
/// <param name="LocationAddress">The store's address.</param>
/// <param name="Round">How often the code was refreshed.</param>
/// <param name="MaxRounds">How often it is refreshed without being asked.</param>
public sealed record DepositState(
    string? Code, DateTimeOffset? ExpiresAt, string? LocationName, string? LocationAddress, int Round, int MaxRounds);

/// <summary>The price of a payout, for a short while (docs/oms-api.md 8).</summary>
/// <param name="Id">The quote at OMS; confirm it by this id.</param>
/// <param name="Send">What leaves the wallet, in <c>usdc</c>.</param>
/// <param name="Receive">What reaches the bank, in <c>usd</c>.</param>
/// <param name="Fees">What is deducted on both sides.</param>
/// <param name="Rate">Rate with fees.</param>
/// <param name="ExpiresAt">Until when it can be accepted (UTC).</param>
/// <param name="Round">How many prices were asked for; 1 for the first.</param>
/// <param name="MaxRounds">How many are asked for at most.</param>
public sealed record QuoteState(
    string Id, decimal? Send, decimal? Receive, decimal? Fees, decimal? Rate, DateTimeOffset? ExpiresAt, int Round, int MaxRounds)
{
    /// <summary>Fields in which the price is not what was ordered; with one, only a person can confirm it.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>
    /// Whether only a person can confirm it, with the role <c>Operator</c>: it is not what was ordered, or more than
    /// <c>Payouts:PersonConfirmsAbove</c>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool PersonOnly { get; init; }
}

/// <summary>A payout that OMS executes.</summary>
/// <param name="TransactionId">The transaction at OMS.</param>
/// <param name="Status">OMS's word for how far it is.</param>
/// <param name="Sent">What left the wallet, in <c>usdc</c>.</param>
/// <param name="Received">What reaches the bank, in <c>usd</c>; final once <paramref name="CompletedAt"/> is set.</param>
/// <param name="CompletedAt">When it landed (UTC).</param>
public sealed record PayoutState(string TransactionId, string? Status, decimal? Sent, decimal? Received, DateTimeOffset? CompletedAt)
{
    /// <summary>Whether OMS's compliance holds it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Held { get; init; }

    /// <summary>Cash that lies ready at a store, or lay there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PickupState? Pickup { get; init; }

    /// <summary>When it was found to be sent back by the bank (UTC).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ReturnedAt { get; init; }
}

/// <summary>Cash at a store.</summary>
/// <param name="ExpiresAt">Until when it lies ready (UTC).</param>
/// <param name="LocationName">The store.</param>
/// <param name="LocationAddress">The store's address.</param>
public sealed record PickupState(DateTimeOffset? ExpiresAt, string? LocationName, string? LocationAddress)
{
    /// <summary>
    /// Whoever shows it gets the cash, so it is not kept: <c>GET /api/payouts/{id}</c> reads it from OMS while the cash lies ready, and
    /// nothing else answers it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }
}

/// <summary>That OMS gives no answer that counts.</summary>
/// <param name="Since">Since when (UTC).</param>
/// <param name="Cause">Why, such as <c>time_out</c> or <c>rate_limited</c>.</param>
/// <param name="Route">What was called last, without ids.</param>
/// <param name="Tries">How many calls went without an answer.</param>
/// <param name="NextTryAt">When OMS is asked again (UTC).</param>
public sealed record SilenceState(DateTimeOffset Since, string Cause, string Route, int Tries, DateTimeOffset NextTryAt)
{
    /// <summary>OMS's id of the last request, for its support.</summary>
    public string? RequestId { get; init; }
}

/// <summary>A fault of this app or of its tables.</summary>
/// <param name="ErrorId">Stands in the log beside the fault.</param>
/// <param name="Since">Since when (UTC).</param>
/// <param name="Tries">How often the step was tried.</param>
/// <param name="NextTryAt">When it is tried again (UTC).</param>
public sealed record JourneyFault(string ErrorId, DateTimeOffset Since, int Tries, DateTimeOffset NextTryAt);

/// <summary>A phase a journey entered.</summary>
/// <param name="Phase">Where the journey then stood.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Cause">The code of the reason, where there is one.</param>
public sealed record PassedPhase(JourneyPhase Phase, DateTimeOffset At, string? Cause);

/// <summary>Why a journey did not succeed.</summary>
/// <param name="Code">Stable, for machines, such as <c>limit_exceeded</c>.</param>
/// <param name="Detail">In words, with what can be done.</param>
public sealed record JourneyReason(string Code, string Detail)
{
    /// <summary>The fields OMS objected to.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>OMS's id of the refused request, for its support.</summary>
    public string? RequestId { get; init; }

    /// <summary>Under which the log names a fault of this app.</summary>
    public string? ErrorId { get; init; }

    /// <summary>What became of the money, by an operator's word: <c>Delivered</c>, <c>Returned</c> or <c>NotMoved</c>.</summary>
    public string? Outcome { get; init; }
}
