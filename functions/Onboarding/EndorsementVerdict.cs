using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

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
        EndorsementStatus[] states = [.. endorsements.Select(endorsement => WireNames<EndorsementStatus>.Parse(endorsement.Status))];
        if (states.Any(state => state is EndorsementStatus.Rejected or EndorsementStatus.Offboarded))
            return EndorsementVerdict.Rejected;
        if (states.Any(state => state is EndorsementStatus.Issues or EndorsementStatus.RevokedIssues))
            return EndorsementVerdict.NeedsApplicant;
        return states.Length > 0 && states.All(state => state == EndorsementStatus.Active)
            ? EndorsementVerdict.Granted
            : EndorsementVerdict.Pending;
    }
}
