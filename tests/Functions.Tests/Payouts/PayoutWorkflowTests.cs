using OmsWorkflows.Functions.Tests.Journeys;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Payouts;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Payouts;

/// <summary>A quote lives 60 units here, the bank counts as late after 60 and as lost after 120.</summary>
public sealed class PayoutWorkflowTests
{
    private readonly JourneyScenario _scenario = new();

    [Fact]
    public async Task A_confirmed_price_is_executed_and_lands()
    {
        var ended = await _scenario
            .At(5, CommandNames.Confirm, "qt_1")
            .At(8, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .RunPayoutAsync();

        ended.Phase.Should().Be(JourneyPhase.Completed);
        ended.Payout.Should().BeEquivalentTo(new { TransactionId = "txn_9", Sent = 25m, Received = 24.75m });
        _scenario.Calls.Should().Equal("CreateQuote:1", "ExecutePayout:qt_1", "ReadPayout", "CloseJourney");
    }

    [Fact]
    public async Task A_price_that_runs_out_is_replaced_and_the_new_one_needs_its_own_confirmation()
    {
        var ended = await _scenario
            .At(70, CommandNames.Confirm, "qt_1")
            .At(80, CommandNames.Confirm, "qt_2")
            .At(85, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .RunPayoutAsync();

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Oms.Payouts.Executed.Should().Equal("qt_2");
    }

    [Fact]
    public async Task A_price_nobody_confirms_moves_no_money()
    {
        var ended = await _scenario.RunPayoutAsync(maxQuoteRounds: 3);

        ended.Phase.Should().Be(JourneyPhase.Expired);
        ended.Ended.Should().BeTrue();
        _scenario.Calls.Should().Equal("CreateQuote:1", "CreateQuote:2", "CreateQuote:3", "CloseJourney");
    }

    [Fact]
    public async Task Without_any_webhook_polling_finds_that_it_landed()
    {
        var ended = await _scenario
            .At(20, oms => oms.Payouts.Status = TransactionStatus.Completed)
            .RunPayoutAsync(autoConfirm: true);

        ended.Phase.Should().Be(JourneyPhase.Completed);
    }

    [Fact]
    public async Task A_second_confirmation_executes_nothing_more()
    {
        var ended = await _scenario
            .At(5, CommandNames.Confirm, "qt_1")
            .At(6, CommandNames.Confirm, "qt_1")
            .At(7, CommandNames.Cancel)
            .At(8, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .RunPayoutAsync();

        ended.Phase.Should().Be(JourneyPhase.Completed, "what is executed cannot be cancelled");
        _scenario.Oms.Payouts.Executed.Should().Equal("qt_1");
    }

    [Fact]
    public async Task Cancelled_before_the_confirmation_moves_no_money()
    {
        var ended = await _scenario.At(5, CommandNames.Cancel).At(6, CommandNames.Confirm, "qt_1").RunPayoutAsync();

        ended.Phase.Should().Be(JourneyPhase.Cancelled);
        _scenario.Oms.Payouts.Executed.Should().BeEmpty();
    }

    [Fact]
    public async Task A_confirmation_that_OMS_finds_too_late_gets_a_new_price()
    {
        var ended = await _scenario
            .At(10, oms => oms.Payouts.ExecuteRefusal = new Refusal("quote_expired", 422, [], "req_1"))
            .At(11, CommandNames.Confirm, "qt_1")
            .At(12, oms => oms.Payouts.ExecuteRefusal = null)
            .At(13, CommandNames.Confirm, "qt_2")
            .At(15, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .RunPayoutAsync();

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Oms.Payouts.Executed.Should().Equal("qt_2");
    }

    [Theory]
    [InlineData("insufficient_funds")]
    [InlineData("compliance_hold")]
    public async Task A_refused_execution_fails_with_the_code_of_OMS(string code)
    {
        var ended = await _scenario.RunPayoutAsync(
            oms => oms.Payouts.ExecuteRefusal = new Refusal(code, 422, ["source.amount"], "req_1"), autoConfirm: true);

        ended.Phase.Should().Be(JourneyPhase.Failed);
        ended.Reason.Should().BeEquivalentTo(new { Code = code, Fields = new[] { "source.amount" }, RequestId = "req_1" });
    }

    [Fact]
    public async Task A_refused_price_fails_with_the_code_of_OMS()
    {
        var ended = await _scenario.RunPayoutAsync(oms => oms.Payouts.QuoteRefusal = new Refusal("customer_inactive", 422, [], "req_1"));

        ended.Phase.Should().Be(JourneyPhase.Failed);
        ended.Reason!.Code.Should().Be("customer_inactive");
    }

    [Fact]
    public async Task A_failed_transfer_fails_the_journey_with_the_banks_reason()
    {
        var ended = await _scenario
            .At(20, oms => oms.Payouts.Status = TransactionStatus.Failed, SignalEvent.TransactionFailed)
            .RunPayoutAsync(autoConfirm: true);

        ended.Phase.Should().Be(JourneyPhase.Failed);
        ended.Reason!.Code.Should().Be("bank_refused");
    }

    [Theory]
    [InlineData(24.99, false)]
    [InlineData(25, true)]
    public async Task Above_the_amount_that_is_set_no_price_is_accepted_without_a_person(decimal most, bool executes)
    {
        var ended = await _scenario
            .At(10, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .RunPayoutAsync(autoConfirm: true, options: Options with { PersonConfirmsAbove = most, MaxQuoteRounds = 1 });

        ended.Phase.Should().Be(executes ? JourneyPhase.Completed : JourneyPhase.Expired);
        ended.Quote!.PersonOnly.Should().Be(!executes);
        _scenario.Oms.Payouts.Executed.Should().HaveCount(executes ? 1 : 0);
    }

    [Fact]
    public async Task A_payout_that_the_bank_sends_back_within_the_window_ends_as_returned()
    {
        var ended = await _scenario
            .At(8, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .At(11, null, SignalEvent.TransactionCompleted)
            .At(2_000, SentBack, SignalEvent.TransactionFailed)
            .RunPayoutAsync(autoConfirm: true, returnWindow: Watched);

        ended.Phase.Should().Be(JourneyPhase.Failed);
        ended.Reason!.Code.Should().Be("payout_returned");
        ended.Payout!.ReturnedAt.Should().NotBeNull();
        ended.Passed.Select(passed => passed.Phase).Should().ContainInOrder(JourneyPhase.Completed, JourneyPhase.Failed);
        _scenario.Calls.Count(call => call == "ReadPayout").Should().Be(2, "that it landed is told twice, and is nothing new");
    }

    [Fact]
    public async Task A_return_that_no_webhook_tells_is_found_at_the_end_of_the_window()
    {
        var ended = await _scenario
            .At(10, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .At(100, SentBack)
            .RunPayoutAsync(autoConfirm: true, returnWindow: Watched);

        ended.Reason!.Code.Should().Be("payout_returned");
    }

    [Fact]
    public async Task A_payout_that_stays_is_done_when_it_landed_and_over_when_the_window_is()
    {
        var ended = await _scenario
            .At(10, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .RunPayoutAsync(autoConfirm: true, returnWindow: Watched);

        ended.Phase.Should().Be(JourneyPhase.Completed);
        var landed = ended.Passed.Single(passed => passed.Phase == JourneyPhase.Completed).At;
        (ended.Since - landed).Should().BeCloseTo(Watched, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Cash_that_lies_ready_is_waited_for_and_ends_at_once_when_it_is_collected()
    {
        var ended = await _scenario
            .At(5, LayReady, SignalEvent.TransactionChanged)
            .At(300, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .RunPayoutAsync(autoConfirm: true, order: Cash, returnWindow: Watched);

        ended.Phase.Should().Be(JourneyPhase.Completed);
        ended.Passed.Select(passed => passed.Phase).Should()
            .ContainInOrder(JourneyPhase.AwaitingPickup, JourneyPhase.Completed).And.NotContain(JourneyPhase.NeedsReview);
        ended.Payout!.Pickup.Should().BeEquivalentTo(new { LocationName = "Store", Code = (string?)null });
    }

    [Fact]
    public async Task Cash_that_nobody_collects_fails_when_it_has_expired_without_any_webhook()
    {
        var ended = await _scenario
            .At(5, LayReady, SignalEvent.TransactionChanged)
            .At(1_444, oms =>
            {
                oms.Payouts.Status = TransactionStatus.Failed;
                oms.Payouts.FailsWith = "cash_pickup_expired";
            })
            .RunPayoutAsync(autoConfirm: true, order: Cash, returnWindow: Watched);

        ended.Phase.Should().Be(JourneyPhase.Failed);
        ended.Reason!.Code.Should().Be("cash_pickup_expired");
        ended.Reason.Detail.Should().Contain("refund");
        ended.Passed.Select(passed => passed.Phase).Should().NotContain(JourneyPhase.NeedsReview, "cash may lie there for a day");
    }

    [Fact]
    public async Task A_compliance_hold_is_named_while_it_lasts()
    {
        string? awaited = null;
        var ended = await _scenario
            .At(20, null, SignalEvent.TransactionUnderReview)
            .At(30, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .Seeing(25, status => awaited = status.Awaiting)
            .RunPayoutAsync(autoConfirm: true);

        ended.Phase.Should().Be(JourneyPhase.Completed);
        awaited.Should().Be("OMS's compliance to let the payout go");
    }

    private static readonly PayoutOptions Options = new()
    {
        Poll = TimeSpan.FromMinutes(10),
        Alarm = TimeSpan.FromMinutes(60),
        Limit = TimeSpan.FromMinutes(120),
    };

    private static readonly TimeSpan Watched = TimeSpan.FromDays(2);

    private static readonly PayoutOrder Cash = new("cst_1", "wlt_1", null, "cash", 25m, null) { Store = new("loc_1", "ref", null) };

    private static void SentBack(FakeOms oms)
    {
        oms.Payouts.Status = TransactionStatus.Failed;
        oms.Payouts.FailsWith = "payout_returned";
    }

    private static void LayReady(FakeOms oms)
    {
        oms.Payouts.Status = TransactionStatus.CashPickupReady;
        oms.Payouts.PickupExpiresAt = oms.Clock.GetUtcNow() + TimeSpan.FromDays(1);
    }

    [Fact]
    public async Task A_transfer_that_never_lands_raises_the_alarm_then_needs_a_review_which_an_operator_resolves()
    {
        var ended = await _scenario
            .At(70, CommandNames.Resolve)
            .At(140, CommandNames.Resolve)
            .RunPayoutAsync(autoConfirm: true);

        ended.Phase.Should().Be(JourneyPhase.Failed);
        ended.Reason!.Code.Should().Be("resolved_by_operator");
    }
}
