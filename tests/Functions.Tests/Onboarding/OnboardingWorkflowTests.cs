using OmsWorkflows.Functions.Tests.Journeys;
using OmsWorkflows.Journeys;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Onboarding;

public sealed class OnboardingWorkflowTests
{
    private readonly JourneyScenario _scenario = new();

    [Fact]
    public async Task An_endorsed_person_gets_a_wallet()
    {
        var ended = await _scenario
            .At(5, oms => oms.Endorsement = "ACTIVE", SignalEvent.EndorsementChanged)
            .RunOnboardingAsync(oms => oms.Endorsement = "PENDING");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        ended.Wallet!.Id.Should().Be("wlt_1");
        _scenario.Calls.Should().Equal("CreateCustomer", "ReadCustomer", "ProvisionWallet", "CloseJourney");
    }

    [Fact]
    public async Task Without_a_webhook_polling_finds_the_decision()
    {
        var ended = await _scenario
            .At(5, oms => oms.Endorsement = "ACTIVE")
            .RunOnboardingAsync(oms => oms.Endorsement = "PENDING");

        ended.Phase.Should().Be(JourneyPhase.Completed);
    }

    [Fact]
    public async Task A_rejected_person_ends_the_journey_with_the_endorsements_that_say_why()
    {
        var ended = await _scenario
            .At(5, oms => oms.Endorsement = "REJECTED", SignalEvent.EndorsementChanged)
            .RunOnboardingAsync(oms => oms.Endorsement = "PENDING");

        ended.Phase.Should().Be(JourneyPhase.Rejected);
        ended.Endorsements.Should().OnlyContain(endorsement => endorsement.Status == "REJECTED");
        _scenario.Calls.Should().NotContain("ProvisionWallet");
    }

    [Fact]
    public async Task What_is_missing_is_supplied_and_the_journey_goes_on()
    {
        var ended = await _scenario
            .At(5, CommandNames.Supply)
            .RunOnboardingAsync(oms => oms.Endorsement = "ISSUES");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Calls.Should().Contain("UpdateCustomer");
    }

    [Fact]
    public async Task A_person_OMS_never_decides_on_ends_the_journey()
    {
        var ended = await _scenario.RunOnboardingAsync(oms => oms.Endorsement = "PENDING");

        ended.Phase.Should().Be(JourneyPhase.Failed);
        ended.Reason!.Code.Should().Be("kyc_undecided");
    }

    [Fact]
    public async Task Cancelled_before_the_decision_the_customer_stays_and_no_wallet_is_made()
    {
        var ended = await _scenario
            .At(5, CommandNames.Cancel)
            .RunOnboardingAsync(oms => oms.Endorsement = "PENDING");

        ended.Phase.Should().Be(JourneyPhase.Cancelled);
        ended.CustomerId.Should().Be(FakeOms.CustomerId);
        _scenario.Calls.Should().NotContain("ProvisionWallet");
    }
}
