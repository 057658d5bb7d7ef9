using OmsWorkflows.Functions.Tests.Journeys;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
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
