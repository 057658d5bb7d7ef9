using OmsWorkflows.Journeys;
using OmsWorkflows.Onboarding;

namespace OmsWorkflows.Functions.Tests.Onboarding;

public sealed class EndorsementVerdictTests
{
    [Theory]
    [InlineData(EndorsementVerdict.Granted, "ACTIVE", "ACTIVE", "ACTIVE")]
    [InlineData(EndorsementVerdict.Pending, "ACTIVE", "PENDING", "ACTIVE")]
    [InlineData(EndorsementVerdict.Pending, "ACTIVE", "INACTIVE", "ACTIVE")]
    [InlineData(EndorsementVerdict.Pending, "ACTIVE", "SOMETHING_NEW", "ACTIVE")]
    [InlineData(EndorsementVerdict.NeedsApplicant, "ACTIVE", "ISSUES", "PENDING")]
    [InlineData(EndorsementVerdict.NeedsApplicant, "ACTIVE", "REVOKED_ISSUES", "ACTIVE")]
    [InlineData(EndorsementVerdict.Rejected, "REJECTED", "ISSUES", "ACTIVE")]
    [InlineData(EndorsementVerdict.Rejected, "ACTIVE", "ACTIVE", "OFFBOARDED")]
    public void Of_the_worst_state_decides_and_an_unknown_one_is_no_yes(EndorsementVerdict expected, params string[] states)
        => EndorsementVerdicts.Of([.. states.Select(state => new EndorsementState("usd", state, [], [], []))]).Should().Be(expected);
}
