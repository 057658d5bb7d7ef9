using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Outbox;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Outbox;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>
/// Every milestone is told, in order and once, with the status that belongs to it; and nothing is when nobody is to be told.
/// </summary>
public sealed class MilestoneTests
{
    private readonly JourneyScenario _scenario = new() { Told = [] };

    private IEnumerable<string> Types => _scenario.Told!.Select(told => told.Type);

    [Fact]
    public async Task A_cash_in_from_a_new_person_to_the_booking()
    {
        await _scenario
            .At(70, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(72, oms => oms.Settle(), SignalEvent.TransactionCompleted)
            .RunCashInAsync();

        Types.Should().Equal(
            "cashIn.customerCreated", "cashIn.codeIssued", "cashIn.codeRefreshed", "cashIn.cashTaken", "cashIn.completed");
        var issued = _scenario.Told![1].Status;
        (issued.Phase, issued.Deposit!.Code).Should().Be((JourneyPhase.AwaitingDeposit, "CODE 0"));
        issued.Until.Should().Be(issued.Deposit.ExpiresAt);
        _scenario.Told[^1].Status.Settlement!.Net.Should().Be(117.70m);
    }

    [Fact]
    public async Task Something_that_is_missing()
    {
        await _scenario.At(5, CommandNames.Supply).RunOnboardingAsync(oms => oms.Endorsement = "ISSUES");

        Types.Should().Equal("onboarding.customerCreated", "onboarding.applicantNeeded", "onboarding.completed");
    }

    [Fact]
    public async Task A_rejection()
    {
        await _scenario
            .At(5, oms => oms.Endorsement = "REJECTED", SignalEvent.EndorsementChanged)
            .RunCashInAsync(oms => oms.Endorsement = "PENDING");

        Types.Should().Equal("cashIn.customerCreated", "cashIn.rejected");
    }

    [Fact]
    public async Task A_code_that_runs_out_for_good()
    {
        await _scenario.RunCashInAsync(customerId: "cst_1", maxRounds: 0);

        Types.Should().Equal("cashIn.codeIssued", "cashIn.codeExpired", "cashIn.expired");
        _scenario.Told!.Select(told => told.Status.Ended).Should().Equal(false, false, true);
    }

    [Fact]
    public async Task A_cancellation()
    {
        await _scenario.At(10, CommandNames.Cancel).RunCashInAsync(customerId: "cst_1");

        Types.Should().Equal("cashIn.codeIssued", "cashIn.cancelled");
    }

    [Fact]
    public async Task Money_that_needs_a_review_and_an_operators_word()
    {
        await _scenario
            .At(20, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(200, CommandNames.Resolve)
            .RunCashInAsync(customerId: "cst_1");

        Types.Should().Equal("cashIn.codeIssued", "cashIn.cashTaken", "cashIn.needsReview", "cashIn.failed");
    }

    [Fact]
    public async Task A_payout()
    {
        await _scenario
            .At(70, CommandNames.Confirm, "qt_1")
            .At(80, CommandNames.Confirm, "qt_2")
            .At(85, oms => oms.Payouts.Status = TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .RunPayoutAsync();

        Types.Should().Equal("payout.quoted", "payout.quoted", "payout.sent", "payout.completed");
    }

    [Fact]
    public async Task Tables_that_do_not_answer_delay_what_is_told_and_lose_nothing()
    {
        _scenario.FailingToTell = 7;

        var ended = await _scenario
            .At(20, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(21, oms => oms.Settle(), SignalEvent.CashInCompleted)
            .RunCashInAsync(customerId: "cst_1");

        ended.Phase.Should().Be(JourneyPhase.Completed);
        Types.Should().Equal("cashIn.codeIssued", "cashIn.cashTaken", "cashIn.completed");
    }

    [Fact]
    public async Task The_place_of_a_milestone_goes_on_when_the_history_starts_over()
    {
        // A long wait between two milestones: the history starts over in it.
        await _scenario
            .At(20, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(30 * 24 * 60, CommandNames.Resolve)
            .RunCashInAsync(customerId: "cst_1", options: new CashInOptions());

        Types.Should().Equal("cashIn.codeIssued", "cashIn.cashTaken", "cashIn.needsReview", "cashIn.failed");
    }

    [Fact]
    public async Task Nothing_is_told_and_no_activity_runs_when_nobody_is_to_be_told()
    {
        var off = new JourneyScenario { LargestHistory = (0, 0) };

        await off
            .At(20, oms => oms.PayIn(), SignalEvent.TransactionProcessing)
            .At(21, oms => oms.Settle(), SignalEvent.CashInCompleted)
            .RunCashInAsync();

        // Had it been scheduled, nobody could have told anything to nobody: the scenario has no list.
        off.Told.Should().BeNull();
        off.Calls.Should().HaveCount(5);
    }

    [Fact]
    public async Task What_is_put_into_the_outbox_is_the_status_document_that_callers_get()
    {
        using var memory = new InMemoryTables();
        var tables = memory.Open();
        var clock = new FakeTimeProvider(Events.Start);
        var intakes = new Intakes(tables, new EphemeralDataProtectionProvider());
        var kind = new JourneyKind(CashInWorkflow.Name, "ci", "/api/cash-ins");
        var intake = new Intake
        {
            InstanceId = "ci-1",
            Orchestration = CashInWorkflow.Name,
            Input = "{}",
            ReceivedAt = Events.Start,
        };
        await intakes.AddAsync(intake, CancellationToken.None);
        var status = new JourneyStatus { Phase = JourneyPhase.AwaitingDeposit, Since = Events.Start, PaidIn = 120.00m, CashInId = "ci_1" };
        var activities = new MilestoneActivities(Outboxes.On(tables, clock, "orders", "books"), intakes, [kind]);

        Milestone[] milestones = [new(1, "cashIn.codeIssued", Events.Start), new(2, "cashIn.cashTaken", Events.Start)];
        var told = new MilestonesToTell("ci-1", milestones, status);
        await activities.TellMilestones(told, CancellationToken.None);
        await activities.TellMilestones(told, CancellationToken.None);

        var messages = new List<OutboxMessage>();
        await foreach (var row in tables.Outbox.QueryAsync<Azure.Data.Tables.TableEntity>())
            if (OutboxMessage.Read(row) is { } message)
                messages.Add(message);
        messages.Select(message => (message.Sequence, message.Type)).Should().Equal((1, "cashIn.codeIssued"), (2, "cashIn.cashTaken"));
        var body = JsonNode.Parse(Encoding.UTF8.GetString(messages[0].Body.Span))!;
        body["data"]!.ToJsonString().Should().Be(
            JsonNode.Parse(new JourneyView(kind, intake, status).ToDocument().ToJsonString())!.ToJsonString());
        body["sequence"]!.GetValue<long>().Should().Be(1);
        body["timestamp"]!.GetValue<DateTimeOffset>().Should().Be(Events.Start);
    }
}
