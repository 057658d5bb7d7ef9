using OmsWorkflows.Journeys;

namespace OmsWorkflows.Onboarding;

/// <summary>Why an onboarding did not succeed, in words, with what can be done.</summary>
internal static class OnboardingReasons
{
    public const string CustomerRefused =
        "OMS refused to create the customer. Correct the applicant's data and start again with a new Idempotency-Key.";

    public const string CustomerExistsCode = "customer_exists";

    public const string SupplyRefused = "OMS refused what was supplied. Correct it and supply it again.";

    public const string WalletRefused = "OMS refused to provision the wallet.";

    public static JourneyReason Cancelled { get; } = new("cancelled", "Cancelled before any money could move. The customer stays at OMS.");

    public static JourneyReason CustomerExists(Refusal refusal) => refusal.ToReason(
        $"OMS has a customer with this externalId that no journey of this app made: {refusal.ResourceId}. "
            + "Start with its customerId, or with another externalId.");

    public static JourneyReason Rejected { get; } = new(
        "kyc_rejected", "OMS refused the applicant; the endorsements say why. A new decision needs a new request.");

    public static JourneyReason Unanswered { get; } = new(
        "oms_unanswered", "OMS gave no answer in time. The customer may exist: look for the externalId at OMS before you start again.");

    public static JourneyReason Undecided { get; } = new(
        "kyc_undecided", "OMS did not decide in time. The customer exists: start again with its customerId once it is endorsed.");
}
