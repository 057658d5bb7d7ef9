using OmsWorkflows.Journeys;

namespace OmsWorkflows.Payouts;

/// <summary>Why a payout did not succeed, in words, with what can be done.</summary>
internal static class PayoutReasons
{
    /// <summary>OMS's word for a price that ran out (docs/oms-api.md 3.3).</summary>
    public const string QuoteExpiredCode = "quote_expired";

    public const string QuoteRefused =
        "OMS refused to price the payout. No money moved. Correct the request and start again with a new Idempotency-Key.";

    public const string PayoutNotShown = "OMS refuses to show the payout it made. Ask OMS support, with the ids given.";

    public const string ExecutionRefused = "OMS refused to execute the payout. No money moved. The code and fields say why.";

    public static JourneyReason Cancelled { get; } = new("cancelled", "Cancelled before the payout was executed. No money moved.");

    public static JourneyReason QuoteExpired { get; } = new(
        QuoteExpiredCode, "Nobody confirmed a price before it ran out. No money moved. Start again for a new price.");

    public static JourneyReason Unanswered { get; } = new("oms_unanswered", "OMS gave no price in time. No money moved. Start again.");

    public static JourneyReason NotDelivered(string? code) => new(
        code ?? "payout_failed", "OMS could not deliver the payout. Check the wallet's balance: what did not arrive goes back to it.");
}
