using OmsWorkflows.Journeys;

namespace OmsWorkflows.CashIns;

/// <summary>Why a cash-in did not succeed, in words, with what can be done.</summary>
internal static class CashInReasons
{
    public const string CodeRefused =
        "OMS refused to make a deposit code. The code and fields say why; correct the request and start again with a new Idempotency-Key.";

    /// <summary>Code of a stop because OMS does not say whether cash came.</summary>
    public const string DepositUnknownCode = "deposit_unknown";

    public const string CashInNotShown = "OMS refuses to show the cash-in it made. Ask OMS support, with the ids given.";

    public const string RefreshRefused = "OMS refused to refresh the deposit code.";

    public static JourneyReason Cancelled { get; } = new("cancelled", "Cancelled. The deposit code ran out and nothing was paid in.");

    public static JourneyReason CodeExpired { get; } = new(
        "code_expired", "Nothing was paid in before the last deposit code ran out. Start again for a new code.");

    public static JourneyReason BookedElsewhere { get; } = new(
        "booked_elsewhere",
        "The settlement is in the ledger already, for another journey or handled by an operator. Nothing was booked twice.");

    public static JourneyReason CancelledBeforeCode { get; } = new(
        "cancelled", "Cancelled while OMS gave no answer. If it made a deposit code after all, nobody knows it, and it runs out.");

    public static JourneyReason CodeUnanswered { get; } = new(
        "oms_unanswered",
        "OMS gave no answer in time. If it made a deposit code after all, nobody knows it, and it runs out. Start again.");

    public static JourneyReason DepositUnknown { get; } = new(
        DepositUnknownCode,
        "The code ran out, and OMS has not answered since: nobody can say whether cash was paid in. Look at the cash-in at OMS.");

    public static JourneyReason DepositFailed(string? subStatus) => new(
        subStatus ?? "cash_in_failed", "The till refused or reversed the deposit. No money was taken.");

    public static JourneyReason ConversionFailed(string? subStatus) => new(
        subStatus ?? "conversion_failed",
        "Cash was taken but the conversion failed. Ask OMS support about the refund, with the transaction's id.");
}
