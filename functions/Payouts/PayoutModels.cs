using System.Text.Json.Serialization;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Payouts;

/// <summary>What a payout runs with.</summary>
/// <param name="Order">From where, to where, how much.</param>
/// <param name="AutoConfirm">Whether every price is accepted without asking.</param>
/// <param name="Options">Times and counts.</param>
public sealed record PayoutInput(PayoutOrder Order, bool AutoConfirm, PayoutOptions Options)
{
    /// <summary>Whether its milestones are told; set when it starts, and kept.</summary>
    public bool Tells { get; init; }

    /// <summary>
    /// How long after it landed it is watched for coming back; null, as in journeys of the release before, for not at all.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeSpan? ReturnWindow { get; init; }

    /// <summary>What the execution before left; null at the start.</summary>
    public JourneyMemory? Memory { get; init; }

    /// <summary>How far the execution before came; null at the start.</summary>
    public PayoutProgress? Progress { get; init; }
}

/// <summary>From where, to where, how much: exactly one of the amounts is set (docs/oms-api.md 8).</summary>
/// <param name="CustomerId">Who pays.</param>
/// <param name="WalletId">The wallet the USDC is taken from.</param>
/// <param name="ExternalAccountId">The bank account or card, as OMS knows it (docs/oms-api.md 8.1); null for cash at a store.</param>
/// <param name="Network">The rail, such as <c>ach</c>, <c>wire</c>, <c>card</c> or <c>cash</c>.</param>
/// <param name="Send">What leaves the wallet, in <c>usdc</c>.</param>
/// <param name="Receive">What reaches the bank, in <c>usd</c>.</param>
public sealed record PayoutOrder(
    string CustomerId, string WalletId, string? ExternalAccountId, string Network, decimal? Send, decimal? Receive)
{
    /// <summary>The store that pays it out as cash; null for an account.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PayoutStore? Store { get; init; }
}

/// <summary>The store that pays out cash.</summary>
/// <param name="Id">OMS's id of it.</param>
/// <param name="Reference">OMS's reference of it, as it was chosen.</param>
/// <param name="Place">Where it stands, to look its reference up again once it has aged; null when that was not said.</param>
public sealed record PayoutStore(string Id, string Reference, Place? Place);

/// <summary>Asks for a price.</summary>
/// <param name="Round">The round; part of the idempotency key, so a retry repeats it and a new round does not.</param>
/// <param name="Order">What is to be priced.</param>
public sealed record CreateQuoteRequest(string InstanceId, int Round, PayoutOrder Order);

/// <summary>Accepts a price.</summary>
/// <param name="InstanceId">The journey; with the quote's id it makes the idempotency key.</param>
/// <param name="CustomerId">Who pays.</param>
/// <param name="QuoteId">The price.</param>
public sealed record ExecutePayoutRequest(string InstanceId, string CustomerId, string QuoteId)
{
    /// <summary>What the price says leaves the wallet, in USDC; the transfer is compared with it.</summary>
    public decimal? Send { get; init; }

    /// <summary>What the price says reaches the bank, in USD.</summary>
    public decimal? Receive { get; init; }
}

/// <summary>Names a transfer, with the price it is compared with.</summary>
/// <param name="TransactionId">The transaction at OMS.</param>
/// <param name="Executed">What it was made from.</param>
public sealed record PayoutOfJourney(string TransactionId, ExecutePayoutRequest Executed);

/// <summary>A payout at OMS as the journey needs to see it.</summary>
/// <param name="Payout">What is shown.</param>
/// <param name="Status">What is decided on.</param>
/// <param name="ErrorCode">Why it failed, in OMS's word.</param>
public sealed record PayoutSnapshot(PayoutState Payout, TransactionStatus Status, string? ErrorCode)
{
    /// <summary>Webhook events that were waiting in the inbox.</summary>
    public IReadOnlyList<Signal> Signals { get; init; } = [];

    /// <summary>Fields in which the transfer is not what the price said.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>Whether it is cash that lies ready, or lay there.</summary>
    [JsonIgnore]
    public bool IsCash => Payout.Pickup is not null;

    /// <summary>Reads a transaction and compares it with what it was made from.</summary>
    public static PayoutSnapshot Of(Transaction transaction, ExecutePayoutRequest executed)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var sent = transaction.Source?.AmountGross ?? transaction.Source?.Amount;
        var payout = new PayoutState(
            transaction.Id, transaction.StatusText, sent, transaction.Destination?.AmountNet, transaction.CompletedAt)
        {
            Held = transaction.Status == TransactionStatus.AwaitingAction,
            Pickup = transaction.CashPickup is { } pickup
                ? new(pickup.ExpiresAt, pickup.LocationName, pickup.LocationAddress)
                : null,
        };
        return new(payout, transaction.Status, transaction.Error?.Code) { Differences = PayoutComparison.Of(executed, transaction) };
    }
}
