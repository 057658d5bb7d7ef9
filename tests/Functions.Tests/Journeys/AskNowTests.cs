using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>Somebody wants OMS to be asked now: it is, whatever pause the journey keeps. Times are minutes.</summary>
public sealed class AskNowTests
{
    private readonly JourneyScenario _scenario = new();

    [Fact]
    public async Task Cash_that_no_webhook_told_of_is_noticed_at_once()
    {
        var ended = await _scenario
            .At(20, oms => oms.PayIn())
            .At(21, CommandNames.Ask)
            .At(22, oms => oms.Settle())
            .At(22.5, CommandNames.Ask)
            .RunCashInAsync(customerId: "cst_1", poll: 50);

        ended.Phase.Should().Be(JourneyPhase.Completed);
        EnteredAt(ended, JourneyPhase.AwaitingSettlement)
            .Should().BeCloseTo(Begun(ended) + TimeSpan.FromMinutes(21), TimeSpan.FromSeconds(30));
        _scenario.Oms.Rounds.Should().Be(0);
    }

    [Fact]
    public async Task The_pause_after_a_silence_is_not_waited_for()
    {
        var ended = await _scenario
            .At(5, oms => oms.SilentUntil = default)
            .At(6, CommandNames.Ask)
            .At(10, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(11, oms => oms.Settle(), SignalEvent.CashInCompleted)
            .RunCashInAsync(BeSilentForLong, customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        EnteredAt(ended, JourneyPhase.AwaitingDeposit).Should().BeCloseTo(Begun(ended) + TimeSpan.FromMinutes(6), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_decision_on_the_applicant_that_no_webhook_told_of_is_noticed_at_once()
    {
        var ended = await _scenario
            .At(3, oms => oms.Endorsement = "ACTIVE")
            .At(4, CommandNames.Ask)
            .RunOnboardingAsync(oms => oms.Endorsement = "PENDING");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        ended.Since.Should().BeCloseTo(Begun(ended) + TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_payout_that_landed_unheard_is_noticed_at_once()
    {
        var ended = await _scenario
            .At(3, oms => oms.Payouts.Status = TransactionStatus.Completed)
            .At(4, CommandNames.Ask)
            .RunPayoutAsync(autoConfirm: true);

        ended.Phase.Should().Be(JourneyPhase.Completed);
        ended.Since.Should().BeCloseTo(Begun(ended) + TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_step_that_a_fault_keeps_is_tried_at_once()
    {
        var ended = await _scenario
            .At(30, oms => oms.Broken = null)
            .At(31, CommandNames.Ask)
            .RunOnboardingAsync(oms => oms.Broken = nameof(OnboardingActivities.CreateCustomer));

        ended.Phase.Should().Be(JourneyPhase.Completed);
        ended.Since.Should().BeCloseTo(Begun(ended) + TimeSpan.FromMinutes(31), TimeSpan.FromSeconds(30));
    }

    private static void BeSilentForLong(FakeOms oms)
    {
        oms.SilentUntil = oms.Clock.GetUtcNow() + TimeSpan.FromDays(1);
        oms.RetryAfter = TimeSpan.FromHours(5);
    }

    private static DateTimeOffset Begun(JourneyStatus ended) => ended.Passed[0].At;

    private static DateTimeOffset EnteredAt(JourneyStatus ended, JourneyPhase phase) => ended.Passed.First(each => each.Phase == phase).At;
}
