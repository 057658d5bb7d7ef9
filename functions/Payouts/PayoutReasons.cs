using OmsWorkflows.Journeys;

namespace OmsWorkflows.Payouts;

/// <summary>Why a payout did not succeed, in words, with what can be done.</summary>
internal static class PayoutReasons
{
    /// <summary>OMS's word for a price that ran out (docs/oms-api.md 3.3).</summary>
    public const string QuoteExpiredCode = "quote_expired";

    /// <summary>Code of cash that nobody collected.</summary>
    public const string NotCollectedCode = "cash_pickup_expired";

    /// <summary>Code of a payout that the bank sent back.</summary>
    public const string ReturnedCode = "payout_returned";

    public const string PayoutNotShown = "OMS refuses to show the payout it made. Ask OMS support, with the ids given.";

    private const string StartAgain = " No money moved. Start again with a new Idempotency-Key.";

    public static JourneyReason Cancelled { get; } = new("cancelled", "Cancelled before the payout was executed. No money moved.");

    public static JourneyReason QuoteExpired { get; } = new(
        QuoteExpiredCode, "Nobody confirmed a price before it ran out. No money moved. Start again for a new price.");

    public static JourneyReason Unanswered { get; } = new("oms_unanswered", "OMS gave no price in time. No money moved. Start again.");

    /// <summary>OMS refused to price the payout.</summary>
    public static JourneyReason QuoteRefused(Refusal refusal)
        => refusal.ToReason((Explain(refusal.Code) ?? "OMS refused to price the payout. Correct the request.") + StartAgain);

    /// <summary>OMS refused to execute the price.</summary>
    public static JourneyReason ExecutionRefused(Refusal refusal)
        => refusal.ToReason((Explain(refusal.Code) ?? "OMS refused to execute the payout. The code and fields say why.") + StartAgain);

    /// <summary>OMS took the payout, and it did not arrive.</summary>
    public static JourneyReason NotDelivered(string? code, bool isCash) => code switch
    {
        null when isCash => NotDelivered(NotCollectedCode, isCash),
        NotCollectedCode => new(
            code, "Nobody collected the cash before it expired. OMS gives it back to the wallet by hand: ask OMS support for the refund."),
        ReturnedCode => Returned(code),
        "compliance_hold" or "compliance_required" => new(
            code,
            "OMS's compliance did not let the payout go. What left the wallet goes back to it. Ask OMS support what the customer lacks."),
        _ => new(
            code ?? "payout_failed", "OMS could not deliver the payout. Check the wallet's balance: what did not arrive goes back to it."),
    };

    /// <summary>It had arrived, and came back.</summary>
    public static JourneyReason Returned(string? code) => new(
        code ?? ReturnedCode,
        "The bank sent the payout back. What had arrived is in the wallet again, without the fee. "
            + "Have the account checked before a new payout to it.");

    private static string? Explain(string code) => code switch
    {
        "limit_exceeded" => "The amount is outside OMS's limits for one payout, or for the customer's day. Choose another amount.",
        "insufficient_funds" => "The wallet holds less than the payout takes. Choose a smaller amount, or fund the wallet.",
        "compliance_hold" => "OMS's compliance holds the customer's payments. Ask OMS support; nothing can be done from here.",
        "compliance_required" => "OMS's compliance needs to know more about the customer. Supply what the endorsements name as missing.",
        "endorsement_required" => "The customer lacks an endorsement that payouts need.",
        "customer_inactive" => "The customer is inactive at OMS.",
        "invalid_state" => "The account cannot be paid to now, most often because it is not verified. List the external accounts to see.",
        "provider_account_not_provisioned" => "The customer's identifying data at OMS is not complete. Supply it.",
        "unsupported_asset" => "OMS does not pay out of this wallet over this network. Choose another network.",
        _ => null,
    };
}
