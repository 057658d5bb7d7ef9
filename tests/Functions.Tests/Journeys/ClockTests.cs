using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>
/// While OMS gives no answer, and while a fault of the app's own lasts, limits, alarms and commands go on
/// (docs/decisions/0009-the-clock-never-stops.md). Times are minutes.
/// </summary>
public sealed class ClockTests
{
    private readonly JourneyScenario _scenario = new();

    [Fact]
    public async Task A_settlement_becomes_overdue_and_needs_review_on_time_while_OMS_is_silent()
    {
        var ended = await _scenario
            .At(20, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(20.5, BeSilentForAWeek)
            .At(200, CommandNames.Resolve)
            .RunCashInAsync(customerId: "cst_1");

        ended.Reason!.Code.Should().Be("resolved_by_operator");
        EnteredAt(ended, JourneyPhase.NeedsReview)
            .Should().BeCloseTo(EnteredAt(ended, JourneyPhase.AwaitingSettlement) + TimeSpan.FromMinutes(60), TimeSpan.FromSeconds(1));
        ended.Since.Should().BeCloseTo(
            EnteredAt(ended, JourneyPhase.AwaitingSettlement) + TimeSpan.FromMinutes(180),
            TimeSpan.FromSeconds(1),
            "a command is served at once");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(61)]
    public async Task Two_hours_without_an_answer_delay_a_cash_in_and_no_more(double from)
    {
        var ended = await _scenario
            .At(from, oms => oms.SilentUntil = oms.Clock.GetUtcNow() + TimeSpan.FromHours(2))
            .At(30, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(31, oms => oms.Settle(), SignalEvent.CashInCompleted)
            .RunCashInAsync(customerId: "cst_1", maxRounds: 3);

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Oms.Ledger.Should().ContainSingle();
    }

    [Fact]
    public async Task OMS_is_asked_seldom_while_it_is_silent_and_within_five_minutes_of_its_return()
    {
        var ended = await _scenario
            .RunCashInAsync(oms => oms.SilentUntil = oms.Clock.GetUtcNow() + TimeSpan.FromHours(2));

        ended.Phase.Should().Be(JourneyPhase.Expired);
        _scenario.Calls.Count(call => call == nameof(OnboardingActivities.CreateCustomer)).Should().BeInRange(24, 40);
        EnteredAt(ended, JourneyPhase.CreatingCashIn).Should().BeBefore(ended.Passed[0].At + TimeSpan.FromMinutes(125.5));
    }

    [Fact]
    public async Task What_OMS_asks_to_wait_is_waited()
    {
        var ended = await _scenario.RunCashInAsync(oms =>
        {
            oms.SilentUntil = oms.Clock.GetUtcNow() + TimeSpan.FromMinutes(59);
            oms.RetryAfter = TimeSpan.FromHours(1);
        });

        ended.Phase.Should().Be(JourneyPhase.Expired);
        _scenario.Calls.Take(3).Should().Equal("CreateCustomer", "CreateCustomer", "ProvisionWallet");
    }

    [Theory]
    [InlineData(JourneyPhase.CreatingCustomer, 0)]
    [InlineData(JourneyPhase.AwaitingEndorsements, 5)]
    public async Task A_journey_that_waits_for_OMS_can_be_cancelled_at_once(JourneyPhase phase, double silentFrom)
    {
        var ended = await _scenario
            .At(silentFrom, BeSilentForAWeek)
            .At(100, CommandNames.Cancel)
            .RunOnboardingAsync(oms =>
            {
                oms.Endorsement = "PENDING";
                if (silentFrom == 0)
                    BeSilentForAWeek(oms);
            });

        ended.Phase.Should().Be(JourneyPhase.Cancelled);
        ended.Passed.Should().Contain(passed => passed.Phase == phase);
        ended.Since.Should().BeCloseTo(ended.Passed[0].At + TimeSpan.FromMinutes(100), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task An_onboarding_ends_at_its_limit_though_OMS_never_answers()
    {
        var ended = await _scenario.RunOnboardingAsync(BeSilentForAWeek);

        ended.Reason!.Code.Should().Be("oms_unanswered");
        ended.Since.Should().BeCloseTo(ended.Passed[0].At + TimeSpan.FromMinutes(300), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task What_was_supplied_while_OMS_is_silent_gets_there_when_it_is_back()
    {
        var ended = await _scenario
            .At(5, oms => oms.SilentUntil = oms.Clock.GetUtcNow() + TimeSpan.FromMinutes(30))
            .At(6, CommandNames.Supply)
            .RunOnboardingAsync(oms => oms.Endorsement = "ISSUES");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Calls.Count(call => call == nameof(OnboardingActivities.UpdateCustomer)).Should().BeGreaterThan(1);
    }

    [Fact]
    public async Task A_refresh_that_gets_no_answer_is_sent_again_with_the_same_round()
    {
        var ended = await _scenario
            .At(30, oms => oms.SilentUntil = oms.Clock.GetUtcNow() + TimeSpan.FromMinutes(10))
            .At(31, CommandNames.Refresh)
            .RunCashInAsync(customerId: "cst_1", maxRounds: 0);

        ended.Phase.Should().Be(JourneyPhase.Expired);
        _scenario.Oms.Rounds.Should().Be(1);
        _scenario.Calls.Where(call => call.StartsWith("Refresh", StringComparison.Ordinal)).Distinct().Should().Equal("RefreshCashIn:1");
    }

    [Fact]
    public async Task A_refresh_alone_that_gets_no_answer_is_sent_again_at_growing_pauses()
    {
        var ended = await _scenario
            .At(31, CommandNames.Refresh)
            .RunCashInAsync(
                oms =>
                {
                    oms.SilentCall = nameof(CashInActivities.RefreshCashIn);
                    oms.SilentUntil = oms.Clock.GetUtcNow() + TimeSpan.FromMinutes(90);
                },
                customerId: "cst_1",
                maxRounds: 0);

        ended.Phase.Should().Be(JourneyPhase.Expired);
        ended.Silence.Should().BeNull();
        _scenario.Oms.Rounds.Should().Be(1);
        _scenario.Calls.Count(call => call.StartsWith("Refresh", StringComparison.Ordinal)).Should().BeInRange(12, 30);
    }

    [Fact]
    public async Task A_refresh_that_is_asked_for_while_OMS_asks_to_wait_waits_too()
    {
        var ended = await _scenario
            .At(14, oms =>
            {
                oms.SilentUntil = oms.Clock.GetUtcNow() + TimeSpan.FromMinutes(30);
                oms.RetryAfter = TimeSpan.FromMinutes(40);
            })
            .At(31, CommandNames.Refresh)
            .RunCashInAsync(customerId: "cst_1", maxRounds: 0);

        ended.Phase.Should().Be(JourneyPhase.Expired);
        _scenario.Oms.Rounds.Should().Be(1);
        _scenario.Calls.Where(call => call.StartsWith("Refresh", StringComparison.Ordinal)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_code_that_runs_out_while_OMS_is_silent_is_not_refreshed_before_OMS_says_that_nothing_was_paid_in()
    {
        var ended = await _scenario
            .At(50, BeSilentForAWeek)
            .At(55, oms => oms.PayIn())
            .At(100, oms => oms.Settle())
            .At(110, oms => oms.SilentUntil = default)
            .RunCashInAsync(customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Calls.Should().NotContain(call => call.StartsWith("Refresh", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deposit_nobody_can_tell_of_needs_an_operator_after_the_grace_time()
    {
        var ended = await _scenario
            .At(50, BeSilentForAWeek)
            .At(500, CommandNames.Resolve)
            .RunCashInAsync(customerId: "cst_1");

        ended.Reason!.Code.Should().Be("resolved_by_operator");
        ended.Passed.Should().Contain(
            passed => passed.Phase == JourneyPhase.NeedsReview && passed.Cause == CashInReasons.DepositUnknownCode);
    }

    [Fact]
    public async Task A_payout_whose_execution_is_not_answered_is_never_sent_with_another_key_and_needs_an_operator_in_time()
    {
        var ended = await _scenario
            .At(5, BeSilentForAWeek)
            .At(6, CommandNames.Confirm, "qt_1")
            .At(200, oms => oms.SilentUntil = default)
            .At(201, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .RunPayoutAsync();

        ended.Phase.Should().Be(JourneyPhase.Expired, "the price ran out at OMS while it was silent, and no other was confirmed");
        ended.Passed.Should().Contain(passed => passed.Phase == JourneyPhase.NeedsReview);
        _scenario.Calls.Where(call => call.StartsWith("Execute", StringComparison.Ordinal)).Distinct().Should().Equal("ExecutePayout:qt_1");
    }

    [Fact]
    public async Task A_fault_of_the_apps_own_needs_an_operator_within_minutes_and_the_journey_goes_on_when_it_is_mended()
    {
        var ended = await _scenario
            .At(40, oms => oms.Broken = null)
            .At(50, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(51, oms => oms.Settle(), SignalEvent.CashInCompleted)
            .RunCashInAsync(oms => oms.Broken = nameof(CashInActivities.CreateCashIn), customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        var review = ended.Passed.Single(passed => passed.Phase == JourneyPhase.NeedsReview);
        review.Cause.Should().Be(JourneyReasons.InternalErrorCode);
        review.At.Should().BeBefore(EnteredAt(ended, JourneyPhase.CreatingCashIn) + TimeSpan.FromMinutes(5));
    }

    [Theory]
    [InlineData(CommandNames.Resolve, JourneyPhase.Failed)]
    [InlineData(CommandNames.Cancel, JourneyPhase.Cancelled)]
    public async Task A_broken_journey_can_be_resolved_and_as_long_as_no_money_moves_cancelled(string command, JourneyPhase end)
    {
        var ended = await _scenario
            .At(30, command)
            .RunCashInAsync(oms => oms.Broken = nameof(OnboardingActivities.ProvisionWallet), customerId: "cst_1");

        ended.Phase.Should().Be(end);
        _scenario.Calls[^1].Should().Be(nameof(JourneyActivities.CloseJourney), "what is left of the person is deleted");
    }

    [Fact]
    public async Task Money_that_differs_is_not_booked_until_OMS_corrects_it()
    {
        var ended = await _scenario
            .At(20, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(21, oms => SettleWrongly(oms), SignalEvent.CashInCompleted)
            .At(30, oms => oms.Differences = [])
            .RunCashInAsync(customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        ended.Reason.Should().BeNull();
        ended.Passed.Should().Contain(
            passed => passed.Phase == JourneyPhase.NeedsReview && passed.Cause == JourneyReasons.MoneyDiffersCode);
    }

    [Fact]
    public async Task A_price_that_differs_from_the_order_is_not_executed_without_a_person()
    {
        var ended = await _scenario
            .At(30, CommandNames.Cancel)
            .RunPayoutAsync(oms => oms.Payouts.QuoteDifferences = ["quote.source.amountGross"], autoConfirm: true);

        ended.Phase.Should().Be(JourneyPhase.Cancelled);
        _scenario.Oms.Payouts.Executed.Should().BeEmpty();
    }

    private static void SettleWrongly(FakeOms oms)
    {
        oms.Differences = ["transaction.destination.amountNet"];
        oms.Settle();
    }

    private static void BeSilentForAWeek(FakeOms oms) => oms.SilentUntil = oms.Clock.GetUtcNow() + TimeSpan.FromDays(7);

    private static DateTimeOffset EnteredAt(JourneyStatus status, JourneyPhase phase)
        => status.Passed.First(passed => passed.Phase == phase).At;
}
