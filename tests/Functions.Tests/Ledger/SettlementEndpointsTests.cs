using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Functions.Tests.Http;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.Functions.Tests.Ledger;

public sealed class SettlementEndpointsTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly Settlement Money = new(
        "txn_1", "ci_1", "cst_1", 120.00m, 2.30m, 117.70m, "usdc", "polygon", null, Events.Start, null);

    private readonly JourneyRecorder _journeys = new();
    private SettlementLedger _ledger = null!;
    private Intakes _directory = null!;

    public async ValueTask InitializeAsync()
    {
        var tables = await azurite.TablesAsync();
        _ledger = new SettlementLedger(tables, TimeProvider.System, NullLogger<SettlementLedger>.Instance);
        _directory = new Intakes(tables, new EphemeralDataProtectionProvider());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Settlements_unclaimed_are_listed_with_amounts_as_text()
    {
        await _ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);
        await _ledger.BookAsync(Money with { TransactionId = "txn_2", InstanceId = "journey" }, Token);
        var answer = await Asked.AskAsync("", request => new SettlementEndpoints(_ledger, _directory).ListSettlements(request));

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
        await _ledger.MarkHandledAsync("txn_2", "OPS-7", Token);

        var ids = new List<string>();
        for (var query = "?limit=2"; query.Length > 0;)
        {
            var page = (await Asked.AskAsync(query, request => new SettlementEndpoints(_ledger, _directory).ListSettlements(request)))
                .As<SettlementPage>();
            page.Data.Should().HaveCount(2);
            ids.AddRange(page.Data.Select(settlement => settlement.TransactionId));
            query = page.Next is { } next ? $"?limit=2&after={next}" : "";
        }

        ids.Should().Equal("txn_4", "txn_3", "txn_1", "txn_0");
    }

    [Fact]
    public async Task Attach_to_a_journey_whose_history_the_engine_has_purged_goes_by_its_intake()
    {
        await _directory.AddAsync(
            new() { InstanceId = "purged", Orchestration = "CashIn", Input = "1", ReceivedAt = Events.Start }, Token);
        await _ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);

        var answer = await AttachAsync("?instanceId=purged&reference=OPS-7", "txn_1");

        answer.Status.Should().Be(200);
        answer.As<SettlementView>().InstanceId.Should().Be("purged");
    }

    [Theory]
    [InlineData("?state=lost", "state")]
    [InlineData("?state=0", "state")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=201", "limit")]
    [InlineData("?after=*", "after")]
    public async Task Settlements_wrong_query_names_the_field(string query, string field)
    {
        var answer = await Asked.AskAsync(query, request => new SettlementEndpoints(_ledger, _directory).ListSettlements(request));

        answer.Status.Should().Be(400);
        answer.As<ProblemDetails>().Type.Should().Be("urn:oms-workflows:problem:validation");
        answer.Errors.Should().Equal(field);
    }

    [Fact]
    public async Task Attach_unclaimed_to_a_journey_credits_it_and_a_second_time_elsewhere_is_refused()
    {
        _journeys.With("journey").With("other");
        await _ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);
        var answer = await AttachAsync("?instanceId=journey&reference=OPS-7", "txn_1");

        answer.Status.Should().Be(200);
        answer.As<SettlementView>().InstanceId.Should().Be("journey");
        (await AttachAsync("?instanceId=other&reference=OPS-8", "txn_1")).Status.Should().Be(409);
        (await _ledger.FindAsync("txn_1", Token))!.Settlement.InstanceId.Should().Be("journey");
    }

    [Theory]
    [InlineData("?instanceId=journey&reference=OPS-7", "txn_unknown", 404)]
    [InlineData("?instanceId=nobody&reference=OPS-7", "txn_1", 404)]
    [InlineData("?reference=OPS-7", "txn_1", 400)]
    [InlineData("?instanceId=journey", "txn_1", 400)]
    [InlineData("?instanceId=journey&reference=Ana%20Reyes%2C%20called", "txn_1", 400)]
    public async Task Attach_wrong_request_changes_nothing(string query, string transactionId, int expected)
    {
        _journeys.With("journey");
        await _ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);
        var answer = await AttachAsync(query, transactionId);

        answer.Status.Should().Be(expected);
        answer.As<ProblemDetails>().Detail.Should().NotBeEmpty();
        (await _ledger.FindAsync("txn_1", Token))!.State.Should().Be(SettlementState.Unclaimed);
    }

    [Fact]
    public async Task Handled_unclaimed_is_closed_with_its_reference()
    {
        await _ledger.KeepUnclaimedAsync(Money, UnclaimedReason.NotBooked, Token);
        var answer = await Asked.AskAsync(
            "?reference=OPS-7", request => new SettlementEndpoints(_ledger, _directory).MarkSettlementHandled(request, "txn_1"));

        answer.Status.Should().Be(200);
        answer.As<SettlementView>().Should().BeEquivalentTo(new { State = SettlementState.Handled, Reference = "OPS-7" });
    }

    private Task<Asked> AttachAsync(string query, string transactionId)
        => Asked.AskAsync(
            query,
            request => new SettlementEndpoints(_ledger, _directory).AttachSettlement(request, transactionId, _journeys.Client));
}
