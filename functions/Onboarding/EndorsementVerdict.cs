using OmsWorkflows.Journeys;

namespace OmsWorkflows.Onboarding;

/// <summary>What a set of endorsement states means for a journey (docs/oms-api.md 4.3).</summary>
public enum EndorsementVerdict
{
    /// <summary>OMS has not decided.</summary>
    Pending = 0,

    /// <summary>All are active.</summary>
    Granted,

    /// <summary>OMS needs something from the applicant.</summary>
    NeedsApplicant,

    /// <summary>OMS refused at least one, or closed the customer.</summary>
    Rejected,
}

/// <summary>Reads a verdict from states. The worst state decides; an unknown state is neither a yes nor a no.</summary>
public static class EndorsementVerdicts
{
    /// <summary>Reads the verdict.</summary>
    /// <param name="endorsements">The endorsements the journey needs.</param>
    public static EndorsementVerdict Of(IReadOnlyList<EndorsementState> endorsements)
    {
        ArgumentNullException.ThrowIfNull(endorsements);
        if (endorsements.Any(endorsement => endorsement.Status is "REJECTED" or "OFFBOARDED"))
            return EndorsementVerdict.Rejected;
        if (endorsements.Any(endorsement => endorsement.Status is "ISSUES" or "REVOKED_ISSUES"))
            return EndorsementVerdict.NeedsApplicant;
        return endorsements.All(endorsement => endorsement.Status == "ACTIVE") ? EndorsementVerdict.Granted : EndorsementVerdict.Pending;
    }
}
