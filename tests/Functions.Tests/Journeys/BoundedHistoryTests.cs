using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Payouts;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>
/// A journey that waits for days keeps its history small, and loses nothing when it starts over
/// (docs/decisions/0009-the-clock-never-stops.md).
/// </summary>
public sealed class BoundedHistoryTests(ITestOutputHelper output)
{
    private const double Hour = 60;
    private const double Day = 24 * Hour;

    private readonly JourneyScenario _scenario = new() { LargestHistory = (0, 0) };

    [Fact]
    public async Task A_review_that_takes_all_of_its_seven_days_stays_small()
    {
        var ended = await _scenario.RunOnboardingAsync(oms => oms.Endorsement = "PENDING", new OnboardingOptions());

        ended.Reason!.Code.Should().Be(OnboardingReasons.Undecided.Code);
        StaysSmall();
        _scenario.Calls.Count(call => call == nameof(OnboardingActivities.ReadCustomer))
            .Should().BeInRange(28, 100, "polls thin out to one in six hours");
    }

    [Fact]
    public async Task A_cash_in_that_needs_a_review_for_thirty_days_stays_small_and_takes_the_operators_word()
    {
        var ended = await _scenario
            .At(20, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(31 * Day, CommandNames.Resolve)
            .RunCashInAsync(customerId: "cst_1", options: new CashInOptions());

        ended.Reason!.Code.Should().Be(JourneyReasons.ResolvedByOperator.Code);
        StaysSmall();
    }

    [Fact]
    public async Task A_payout_that_needs_a_review_for_thirty_days_stays_small_and_still_lands()
    {
        var ended = await _scenario
            .At(36 * Day, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .RunPayoutAsync(autoConfirm: true, options: new PayoutOptions());

        ended.Phase.Should().Be(JourneyPhase.Completed);
        ended.Payout!.TransactionId.Should().NotBeEmpty();
        StaysSmall();
    }

    [Fact]
    public async Task Signals_that_come_in_bursts_are_all_received_once_though_the_history_starts_over_among_them()
    {
        const int bursts = 6;
        const int perBurst = 25;
        for (var burst = 0; burst < bursts; burst++)
        {
            for (var n = 0; n < perBurst; n++)
                _scenario.At((5 * Hour) + (burst * Hour), null, SignalEvent.EndorsementChanged);
            _scenario.At((5 * Hour) + (burst * Hour) + 1, null, SignalEvent.EndorsementChanged, deliveryId: "whd-3");
        }

        var ended = await _scenario
            .At(20 * Hour, oms => oms.Endorsement = "ACTIVE", SignalEvent.EndorsementChanged)
            .RunOnboardingAsync(oms => oms.Endorsement = "PENDING", new OnboardingOptions { Poll = TimeSpan.FromDays(1) });

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Calls.Count(call => call == nameof(OnboardingActivities.ReadCustomer))
            .Should().Be((bursts * perBurst) + 1, "each is asked about once, the repeated one too");
        StaysSmall();
    }

    [Fact]
    public async Task A_cash_in_goes_on_where_it_was_when_its_history_starts_over_while_the_code_is_out()
    {
        for (var n = 0; n < 40; n++)
            _scenario.At(2 + n, null, SignalEvent.CashInChanged);

        var ended = await _scenario
            .At(45, CommandNames.Refresh)
            .At(50, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(51, oms => oms.Settle(), SignalEvent.CashInCompleted)
            .RunCashInAsync(customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        ended.Deposit!.Round.Should().Be(1);
        _scenario.Oms.Ledger.Should().ContainSingle();
        StaysSmall();
    }

    private void StaysSmall()
    {
        var (events, bytes) = _scenario.LargestHistory!.Value;
        output.WriteLine($"at most {events} events (200) and {bytes / 1024m:0.0} KB (64)");
        events.Should().BeInRange(10, 199);
        bytes.Should().BeLessThan(64 * 1024);
    }
}
