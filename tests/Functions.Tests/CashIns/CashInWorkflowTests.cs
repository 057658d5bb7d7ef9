using OmsWorkflows.Functions.Tests.Journeys;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.CashIns;

public sealed class CashInWorkflowTests
{
    private readonly JourneyScenario _scenario = new();

    [Fact]
    public async Task A_new_person_pays_in_and_the_net_amount_is_booked()
    {
        var ended = await _scenario
            .At(20, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(21, oms => oms.Settle(), SignalEvent.CashInCompleted)
            .RunCashInAsync();

        ended.Phase.Should().Be(JourneyPhase.Completed);
        ended.Settlement!.Net.Should().Be(117.70m);
        _scenario.Oms.Ledger.Should().ContainSingle();
        _scenario.Calls.Should().Equal(
            "CreateCustomer", "ProvisionWallet", "CreateCashIn", "BookAndCloseIfSettled", "BookAndCloseIfSettled");
    }

    [Fact]
    public async Task A_code_that_runs_out_is_refreshed_and_paid()
    {
        var ended = await _scenario
            .At(70, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(71, oms => oms.Settle(), SignalEvent.TransactionCompleted)
            .RunCashInAsync(customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        ended.Deposit!.Round.Should().Be(1);
        ended.Deposit.Code.Should().Be("CODE 1");
    }

    [Fact]
    public async Task Each_refresh_round_has_a_key_of_its_own()
    {
        var ended = await _scenario.RunCashInAsync(customerId: "cst_1", maxRounds: 3);

        ended.Phase.Should().Be(JourneyPhase.Expired);
        _scenario.Oms.Rounds.Should().Be(3);
        _scenario.Calls.Where(call => call.StartsWith("Refresh", StringComparison.Ordinal)).Should()
            .Equal("RefreshCashIn:1", "RefreshCashIn:2", "RefreshCashIn:3");
    }

    [Fact]
    public async Task A_code_nobody_pays_expires_for_good_after_the_grace_time()
    {
        var ended = await _scenario.RunCashInAsync(customerId: "cst_1", maxRounds: 0);

        ended.Phase.Should().Be(JourneyPhase.Expired);
        ended.Reason!.Code.Should().Be("code_expired");
        _scenario.Oms.Ledger.Should().BeEmpty();
    }

    [Fact]
    public async Task Late_cash_in_the_grace_time_is_booked()
    {
        var ended = await _scenario
            .At(100, oms => oms.Settle())
            .RunCashInAsync(customerId: "cst_1", maxRounds: 0);

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Oms.Ledger.Should().ContainSingle();
    }

    [Fact]
    public async Task An_expired_code_is_revived_by_command_in_the_grace_time()
    {
        var ended = await _scenario
            .At(90, CommandNames.Refresh)
            .At(100, oms => oms.Settle(), SignalEvent.CashInCompleted)
            .RunCashInAsync(customerId: "cst_1", maxRounds: 0);

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Oms.Rounds.Should().Be(1);
    }

    [Fact]
    public async Task A_refresh_that_meets_a_deposit_reads_again_and_waits_for_the_money()
    {
        var ended = await _scenario
            .At(30, oms => oms.PayIn())
            .At(31, CommandNames.Refresh)
            .At(33, oms => oms.Settle())
            .RunCashInAsync(customerId: "cst_1", poll: 200);

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Oms.Rounds.Should().Be(0);
        _scenario.Oms.Ledger.Should().ContainSingle();
    }

    [Fact]
    public async Task Without_any_webhook_polling_finds_the_money()
    {
        var ended = await _scenario
            .At(20, oms => oms.PayIn())
            .At(22, oms => oms.Settle())
            .RunCashInAsync(customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Completed);
    }

    [Fact]
    public async Task Duplicate_and_reordered_webhooks_book_once()
    {
        var ended = await _scenario
            .At(20, oms => oms.Settle(), SignalEvent.TransactionCompleted, "whd_c")
            .At(20, null, SignalEvent.TransactionProcessing, "whd_p")
            .At(20, null, SignalEvent.TransactionCompleted, "whd_c")
            .At(20, null, SignalEvent.CashInExpired, "whd_e")
            .RunCashInAsync(customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Oms.Ledger.Should().ContainSingle();
    }

    [Fact]
    public async Task A_completed_cash_in_is_not_booked_before_its_transaction_is()
    {
        var ended = await _scenario
            .At(20, oms => oms.Set(CashInStatus.Completed, TransactionStatus.Processing), SignalEvent.CashInCompleted)
            .At(30, oms => oms.Settle(), SignalEvent.TransactionCompleted)
            .RunCashInAsync(customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Oms.Ledger.Should().ContainSingle();
    }

    [Fact]
    public async Task A_failed_conversion_fails_the_journey_and_books_nothing()
    {
        var ended = await _scenario
            .At(20, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(21, oms => oms.Set(CashInStatus.Failed, TransactionStatus.Failed), SignalEvent.TransactionFailed)
            .RunCashInAsync(customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Failed);
        ended.Reason!.Code.Should().Be("provider_order_failed");
        _scenario.Oms.Ledger.Should().BeEmpty();
    }

    [Fact]
    public async Task A_slow_conversion_raises_the_alarm_then_needs_a_review_which_an_operator_resolves()
    {
        var ended = await _scenario
            .At(20, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(50, CommandNames.Resolve)
            .At(100, CommandNames.Resolve)
            .RunCashInAsync(customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Failed);
        ended.Reason!.Code.Should().Be("resolved_by_operator");
    }

    [Fact]
    public async Task Cancelled_while_the_code_is_out_ends_when_it_runs_out()
    {
        var ended = await _scenario
            .At(20, CommandNames.Cancel)
            .RunCashInAsync(customerId: "cst_1", maxRounds: 3);

        ended.Phase.Should().Be(JourneyPhase.Cancelled);
        _scenario.Oms.Rounds.Should().Be(0);
    }

    [Fact]
    public async Task Cash_paid_after_a_cancel_is_booked_all_the_same()
    {
        var ended = await _scenario
            .At(20, CommandNames.Cancel)
            .At(30, oms => oms.Settle(), SignalEvent.CashInCompleted)
            .RunCashInAsync(customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        _scenario.Oms.Ledger.Should().ContainSingle();
    }

    [Fact]
    public async Task A_refused_deposit_code_fails_with_the_code_and_fields_of_OMS()
    {
        var ended = await _scenario.RunCashInAsync(
            oms => oms.CreateRefusal = new Refusal("limit_exceeded", 422, ["source.indicatedAmount"], "req_1"), customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Failed);
        ended.Reason.Should().BeEquivalentTo(
            new { Code = "limit_exceeded", Fields = new[] { "source.indicatedAmount" }, RequestId = "req_1" });
    }
}
