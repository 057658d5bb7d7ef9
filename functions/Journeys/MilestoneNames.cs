namespace OmsWorkflows.Journeys;

/// <summary>
/// The one place that says which change of a status is a milestone, and its name after the journey's, such as <c>codeIssued</c>.
/// </summary>
internal static class MilestoneNames
{
    public const string CustomerCreated = "customerCreated";
    public const string ApplicantNeeded = "applicantNeeded";
    public const string CodeIssued = "codeIssued";
    public const string CodeRefreshed = "codeRefreshed";
    public const string CodeExpired = "codeExpired";
    public const string CashTaken = "cashTaken";
    public const string Quoted = "quoted";
    public const string Sent = "sent";
    public const string PickupReady = "pickupReady";
    public const string NeedsReview = "needsReview";
    public const string Completed = "completed";
    public const string Expired = "expired";
    public const string Failed = "failed";
    public const string Returned = "returned";
    public const string Rejected = "rejected";
    public const string Cancelled = "cancelled";

    /// <summary>The milestones between two statuses of a journey, in order.</summary>
    public static IEnumerable<string> Between(JourneyStatus last, JourneyStatus next)
    {
        if (last is { Phase: JourneyPhase.CreatingCustomer, CustomerId: null } && next.CustomerId is not null)
            yield return CustomerCreated;
        if (next.Phase == JourneyPhase.AwaitingApplicant && Asked(next) is { Length: > 0 } asked
            && (last.Phase != JourneyPhase.AwaitingApplicant || asked != Asked(last)))
            yield return ApplicantNeeded;
        if (next.Deposit?.Code is { } code && code != last.Deposit?.Code)
            yield return last.Deposit?.Code is null ? CodeIssued : CodeRefreshed;
        if (next.Quote is { } quote && quote.Id != last.Quote?.Id)
            yield return Quoted;
        if (next is { MoneyMayMove: true, CashInId: not null } && !last.MoneyMayMove)
            yield return CashTaken;
        if (next.Payout is not null && last.Payout is null)
            yield return Sent;
        if (next.Phase == JourneyPhase.AwaitingPickup && last.Phase != JourneyPhase.AwaitingPickup)
            yield return PickupReady;
        // A payout that landed is watched for coming back: it is completed before it has ended.
        if (next.Phase == JourneyPhase.Completed)
        {
            if (last.Phase != JourneyPhase.Completed)
                yield return Completed;
        }
        else if (next.Ended && !last.Ended)
            yield return OfEnd(next);
        else if (next.Phase == JourneyPhase.Expired && last.Phase != JourneyPhase.Expired)
            yield return CodeExpired;
        else if (next.Phase == JourneyPhase.NeedsReview && last.Phase != JourneyPhase.NeedsReview)
            yield return NeedsReview;
    }

    private static string OfEnd(JourneyStatus status) => status.Phase switch
    {
        _ when status.Payout?.ReturnedAt is not null => Returned,
        JourneyPhase.Expired => Expired,
        JourneyPhase.Rejected => Rejected,
        JourneyPhase.Cancelled => Cancelled,
        _ => Failed,
    };

    /// <summary>What OMS asks for, as one text to compare.</summary>
    private static string Asked(JourneyStatus status) => string.Join(
        '\n',
        (status.Endorsements ?? []).SelectMany(endorsement
            => endorsement.Missing.Concat(endorsement.Issues).Select(what => $"{endorsement.Name}: {what}")));
}
