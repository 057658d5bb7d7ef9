using Azure.Data.Tables;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Actions;
using OmsWorkflows.Functions.Tests.Http;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Http;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.Ledger;

public sealed class SettlementEndpointsTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly Actor Ana = new("7d1c1c1e-0000-4000-8000-000000000001", IsKnown: true);
    private static readonly Actor Ben = new("7d1c1c1e-0000-4000-8000-000000000002", IsKnown: true);
    private static readonly Settlement Money = new(
        "txn_1", "ci_1", "cst_1", 120.00m, 2.30m, 117.70m, "usdc", "polygon", null, Events.Start, null);

    private readonly JourneyRecorder _engine = new();
    private readonly KnownJourneys _journeys = new();
    private readonly DecisionOptions _options = new();
    private readonly FakeTimeProvider _clock = new(Events.Start);
    private AppTables _tables = null!;
    private SettlementLedger _ledger = null!;
    private ActionLog _actions = null!;
    private Decisions _decisions = null!;

    public async ValueTask InitializeAsync()
    {
        _tables = await azurite.TablesAsync();
        _ledger = new SettlementLedger(_tables, TimeProvider.System, NullLogger<SettlementLedger>.Instance);
        _actions = new ActionLog(_tables);
        _decisions = new Decisions(
            _tables, _actions, new FixedOptions<DecisionOptions>(_options), _clock, NullLogger<Decisions>.Instance);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Settlements_unclaimed_are_listed_with_amounts_as_text()
    {
        await _ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);
        await _ledger.BookAsync(Money with { TransactionId = "txn_2", InstanceId = "journey" }, Token);
        var answer = await Asked.AskAsync("", request => Listing.ListSettlements(request));

        answer.Status.Should().Be(200);
        var page = answer.As<SettlementPage>();
        page.Next.Should().BeNull();
        page.Data.Should().ContainSingle().Which.Should().BeEquivalentTo(new
        {
            TransactionId = "txn_1",
            Net = "117.70",
            State = SettlementState.Unclaimed,
            Reason = UnclaimedReason.NotBooked,
        });
    }

    [Fact]
    public async Task Settlements_are_listed_page_by_page_the_newest_first()
    {
        for (var i = 0; i < 5; i++)
            await _ledger.KeepUnclaimedAsync(
                Money with { TransactionId = $"txn_{i}", SettledAt = Events.Start.AddMinutes(i) }, UnclaimedReason.NotBooked, Token);
        await _ledger.MarkHandledAsync("txn_2", ByHand.With("OPS-7"), Token);

        var ids = new List<string>();
        for (var query = "?limit=2"; query.Length > 0;)
        {
            var page = (await Asked.AskAsync(query, request => Listing.ListSettlements(request)))
                .As<SettlementPage>();
            page.Data.Should().HaveCount(2);
            ids.AddRange(page.Data.Select(settlement => settlement.TransactionId));
            query = page.Next is { } next ? $"?limit=2&after={next}" : "";
        }

        ids.Should().Equal("txn_4", "txn_3", "txn_1", "txn_0");
    }

    [Theory]
    [InlineData("?state=lost", "state")]
    [InlineData("?state=0", "state")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=201", "limit")]
    [InlineData("?after=*", "after")]
    public async Task Settlements_wrong_query_names_the_field(string query, string field)
    {
        var answer = await Asked.AskAsync(query, request => Listing.ListSettlements(request));

        answer.Status.Should().Be(400);
        answer.As<ProblemDetails>().Type.Should().Be("urn:oms-workflows:problem:validation");
        answer.Errors.Should().Equal(field);
    }

    [Fact]
    public async Task Attach_unclaimed_to_a_journey_credits_it_and_a_second_time_elsewhere_is_refused()
    {
        await UnclaimedAsync("journey", "other");
        var answer = await AttachAsync("journey", "OPS-7");

        answer.Status.Should().Be(200);
        answer.As<SettlementView>().InstanceId.Should().Be("journey");
        (await AttachAsync("other", "OPS-8")).Status.Should().Be(409);
        (await _ledger.FindAsync("txn_1", Token))!.Settlement.InstanceId.Should().Be("journey");
    }

    [Fact]
    public async Task Attach_keeps_who_when_and_why_with_the_settlement_and_with_the_journey()
    {
        await UnclaimedAsync("journey");

        await AttachAsync("journey", "OPS-7", Ana);
        var answer = await AttachAsync("journey", "OPS-7", Ana);

        answer.As<SettlementView>().Decided.Should().Be(new DecidedBy(Ana.Id, Events.Start, "OPS-7", "late cash"));
        (await _actions.ListAsync("txn_1", Token)).Should().Equal(
            new ActionRecord(Events.Start, "attach", Ana.Id, "journey", "late cash", "OPS-7"));
        (await _actions.ListAsync("journey", Token)).Should().Equal(
            new ActionRecord(Events.Start, "attach", Ana.Id, "txn_1", "late cash", "OPS-7"));
    }

    [Theory]
    [InlineData("?instanceId=journey&reference=OPS-7&reason=late+cash", "txn_unknown", 404)]
    [InlineData("?instanceId=nobody&reference=OPS-7&reason=late+cash", "txn_1", 404)]
    [InlineData("?reference=OPS-7&reason=late+cash", "txn_1", 400)]
    [InlineData("?instanceId=journey&reason=late+cash", "txn_1", 400)]
    [InlineData("?instanceId=journey&reference=OPS-7", "txn_1", 400)]
    [InlineData("?instanceId=journey&reference=OPS-7&reason=write+to+ana@example.test", "txn_1", 400)]
    [InlineData("?instanceId=journey&reference=OPS-7&reason=call+212+555+0142", "txn_1", 400)]
    [InlineData("?instanceId=journey&reference=OPS-7&reason=call+(212)+555-0142", "txn_1", 400)]
    [InlineData("?instanceId=journey&reference=OPS-7&reason=call+212+-+555+-+0142", "txn_1", 400)]
    [InlineData("?instanceId=journey&reference=OPS-7&reason=call+212,555,0142", "txn_1", 400)]
    [InlineData("?instanceId=journey&reference=OPS-7&reason=call+%D9%A3%D9%A1%D9%A2%D9%A5%D9%A5%D9%A5%D9%A0", "txn_1", 400)]
    [InlineData("?instanceId=journey&reference=Ana%20Reyes%2C%20called&reason=late+cash", "txn_1", 400)]
    public async Task Attach_wrong_request_changes_nothing(string query, string transactionId, int expected)
    {
        await UnclaimedAsync("journey");
        var answer = await Asked.AskAsync(query, request => Deciding.AttachSettlement(request, transactionId, _engine.Client, Token));

        answer.Status.Should().Be(expected);
        answer.As<ProblemDetails>().Detail.Should().NotBeEmpty();
        (await _ledger.FindAsync("txn_1", Token))!.State.Should().Be(SettlementState.Unclaimed);
    }

    [Theory]
    [InlineData("cst_2", "ci_1", false, null, "other-customer")]
    [InlineData(null, "ci_1", false, null, "other-customer")]
    [InlineData("cst_1", "ci_2", true, null, "other-cash-in")]
    [InlineData("cst_1", null, true, null, "other-cash-in")]
    [InlineData("cst_1", "ci_1", true, "txn_2", "journey-has-its-money")]
    public async Task Attach_against_what_the_journey_says_is_refused(
        string? customerId, string? cashInId, bool ended, string? booked, string type)
    {
        await UnclaimedAsync();
        _journeys["journey"] = new("Expired", ended, customerId, cashInId, null, booked);

        var answer = await AttachAsync("journey", "OPS-7");

        answer.Status.Should().Be(409);
        answer.As<ProblemDetails>().Type.Should().Be($"urn:oms-workflows:problem:{type}");
        (await _ledger.FindAsync("txn_1", Token))!.State.Should().Be(SettlementState.Unclaimed);
    }

    [Fact]
    public async Task Attach_to_the_ended_journey_of_the_cash_in_is_what_late_cash_needs()
    {
        await UnclaimedAsync();
        _journeys["journey"] = new("Expired", true, "cst_1", "ci_1", null, null);

        (await AttachAsync("journey", "OPS-7")).Status.Should().Be(200);
    }

    [Fact]
    public async Task Attach_to_a_journey_whose_history_is_gone_goes_by_its_customer()
    {
        await UnclaimedAsync();
        _journeys["journey"] = new("NeedsReview", true, "cst_1", null, null, null) { HistoryGone = true };

        (await AttachAsync("journey", "OPS-7")).Status.Should().Be(200);
    }

    [Fact]
    public async Task Handled_unclaimed_is_closed_with_its_reference()
    {
        await UnclaimedAsync();
        var answer = await HandledAsync("OPS-7", Ana);

        answer.Status.Should().Be(200);
        answer.As<SettlementView>().Should().BeEquivalentTo(new { State = SettlementState.Handled, Reference = "OPS-7" });
    }

    [Fact]
    public async Task Two_people_have_to_say_the_same_and_one_person_twice_is_one()
    {
        _options.TwoPeople = true;
        await UnclaimedAsync("journey", "other");

        (await AttachAsync("journey", "OPS-7", Ana)).Status.Should().Be(202);
        (await AttachAsync("journey", "OPS-7", Ana)).Status.Should().Be(202);
        (await AttachAsync("other", "OPS-7", Ben)).As<ProblemDetails>().Type.Should().Be("urn:oms-workflows:problem:decision-differs");
        (await _ledger.FindAsync("txn_1", Token))!.State.Should().Be(SettlementState.Unclaimed);
        var listed = await Asked.AskAsync("", request => Listing.ListSettlements(request));
        listed.Body["data"]![0]!["pending"]![0]!["by"]!.GetValue<string>().Should().Be(Ana.Id);

        var confirmed = await AttachAsync("journey", "OPS-8", Ben);

        confirmed.As<SettlementView>().Decided.Should().Be(new DecidedBy(Ben.Id, Events.Start, "OPS-8", "late cash", Ana.Id));
        (await _decisions.ListAsync(Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_proposal_runs_out_and_then_the_second_person_is_the_first()
    {
        _options.TwoPeople = true;
        await UnclaimedAsync();
        (await HandledAsync("OPS-7", Ana)).Status.Should().Be(202);

        _clock.Advance(_options.DecideWithin);

        (await _decisions.ListAsync(Token)).Should().BeEmpty();
        (await _tables.Actions.QueryAsync<TableEntity>("PartitionKey eq 'pending'").CountAsync(Token)).Should().Be(0, "nobody looks again");
        (await HandledAsync("OPS-8", Ben)).Status.Should().Be(202);
        (await HandledAsync("OPS-9", Ana)).Status.Should().Be(200);
    }

    [Fact]
    public async Task Two_people_cannot_be_told_apart_by_a_function_key()
    {
        _options.TwoPeople = true;
        await UnclaimedAsync();

        (await HandledAsync("OPS-7", Actor.FunctionKey)).As<ProblemDetails>().Type.Should().Be(
            "urn:oms-workflows:problem:two-people-need-sign-in");
    }

    [Fact]
    public async Task Undo_takes_two_people_and_the_settlement_is_unclaimed_again()
    {
        await UnclaimedAsync("journey", "other");
        await AttachAsync("journey", "OPS-7", Ana);

        (await UndoAsync("OPS-8", Ana)).Status.Should().Be(202);
        (await _ledger.FindAsync("txn_1", Token))!.State.Should().Be(SettlementState.Attached);
        var undone = await UndoAsync("OPS-9", Ben);

        undone.As<SettlementView>().Should().BeEquivalentTo(new { State = SettlementState.Unclaimed, InstanceId = (string?)null });
        (await AttachAsync("other", "OPS-10", Ana)).Status.Should().Be(200);
        var one = await Asked.AskAsync("", request => Listing.GetSettlement(request, "txn_1"));
        one.As<SettlementView>().Actions!.Select(action => (action.Action, action.By, action.ProposedBy)).Should().BeEquivalentTo(
            [("attach", Ana.Id, null), ("undo", Ben.Id, Ana.Id), ("attach", Ana.Id, (string?)null)]);
    }

    [Fact]
    public async Task Undo_of_what_a_journey_booked_is_refused()
    {
        await _ledger.BookAsync(Money with { InstanceId = "journey" }, Token);

        (await UndoAsync("OPS-8", Ana)).Status.Should().Be(409);
    }

    private SettlementEndpoints Listing => new(_ledger, _actions, _decisions);

    private SettlementDecisions Deciding => new(_ledger, _journeys, _decisions);

    private async Task UnclaimedAsync(params string[] journeys)
    {
        await _ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);
        foreach (var journey in journeys)
            _journeys[journey] = new("AwaitingSettlement", false, "cst_1", "ci_1", "txn_1", null);
    }

    private Task<Asked> AttachAsync(string instanceId, string reference, Actor? actor = null) => Asked.AskAsync(
        $"?instanceId={instanceId}&reference={reference}&reason=late+cash",
        request => Deciding.AttachSettlement(By(actor, request), "txn_1", _engine.Client, Token));

    private Task<Asked> HandledAsync(string reference, Actor? actor = null) => Asked.AskAsync(
        $"?reference={reference}&reason=late+cash", request => Deciding.MarkSettlementHandled(By(actor, request), "txn_1", Token));

    private Task<Asked> UndoAsync(string reference, Actor? actor = null) => Asked.AskAsync(
        $"?reference={reference}&reason=wrong+journey", request => Deciding.UndoSettlementDecision(By(actor, request), "txn_1", Token));

    private static HttpRequest By(Actor? actor, HttpRequest request)
    {
        request.HttpContext.Features.Set(actor);
        return request;
    }
}
