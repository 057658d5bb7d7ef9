using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Actions;
using OmsWorkflows.Functions.Tests.Http;
using OmsWorkflows.Functions.Tests.Ledger;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

public sealed class DeadLetterEndpointsTests(Azurite azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(Events.Start);
    private readonly JourneyRecorder _engine = new();
    private readonly KnownJourneys _journeys = new();
    private Inbox _inbox = null!;
    private ActionLog _actions = null!;
    private DeadLetterEndpoints _endpoints = null!;

    public async ValueTask InitializeAsync()
    {
        var tables = await azurite.TablesAsync();
        _inbox = new Inbox(tables, _clock, NullLogger<Inbox>.Instance);
        _actions = new ActionLog(tables);
        _endpoints = new DeadLetterEndpoints(
            new DeadLetters(_inbox, NullLogger<DeadLetters>.Instance), _journeys, _actions, _clock,
            NullLogger<DeadLetterEndpoints>.Instance);
        await _inbox.StoreAsync(Events.CashInCompleted("whd_1") with { State = InboxState.Dead }, Token);
        await _inbox.StoreAsync(Events.CashInCompleted("whd_2") with { State = InboxState.Delivered }, Token);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Event_goes_to_the_journey_it_is_about_which_shows_it()
    {
        _journeys["journey"] = new("AwaitingSettlement", false, "cst_1", "ci_1", "txn_1", null);
        _engine.With("journey");

        var answer = await RedriveAsync("journey");

        answer.Status.Should().Be(200);
        _engine.Of("journey").Should().ContainSingle();
        (await _actions.ListAsync("journey", Token)).Should().ContainSingle().Which.Action.Should().Be("redrive");
    }

    [Theory]
    [InlineData(true, "cst_1", "ci_1", "txn_1", "journey-ended")]
    [InlineData(false, "cst_1", "ci_2", null, "other-journey")]
    [InlineData(false, "cst_1", "ci_1", "txn_2", "other-journey")]
    public async Task Event_for_an_ended_or_foreign_journey_is_refused(
        bool ended, string customerId, string? cashInId, string? transactionId, string type)
    {
        _journeys["journey"] = new("AwaitingSettlement", ended, customerId, cashInId, transactionId, null);
        _engine.With("journey");

        var answer = await RedriveAsync("journey");

        answer.Status.Should().Be(409);
        answer.As<ProblemDetails>().Type.Should().Be($"urn:oms-workflows:problem:{type}");
        _engine.Raised.Should().BeEmpty();
    }

    [Fact]
    public async Task Event_for_no_journey_is_refused() => (await RedriveAsync("nobody")).Status.Should().Be(404);

    [Fact]
    public async Task Event_dismissed_leaves_the_list_and_keeps_who_and_why()
    {
        var answer = await DismissAsync("whd_1");

        answer.Status.Should().Be(200);
        (await DismissAsync("whd_1")).Status.Should().Be(200, "a repeated request changes nothing");
        var listed = await Asked.AskAsync("", request => _endpoints.ListDeadLetters(request));
        listed.Body["data"]!.AsArray().Should().BeEmpty();
        (await _actions.ListAsync("ci_1", Token)).Should().Equal(
            new ActionRecord(Events.Start, "dismiss", "function key", "whd_1", "made by hand at OMS"));
    }

    [Theory]
    [InlineData("?resourceId=ci_1&deliveryId=whd_2&reason=old+one", 409)]
    [InlineData("?resourceId=ci_1&deliveryId=whd_3&reason=old+one", 404)]
    [InlineData("?resourceId=ci_1&deliveryId=whd_1", 400)]
    public async Task Dismissing_what_is_no_dead_letter_or_without_a_reason_is_refused(string query, int expected)
        => (await Asked.AskAsync(query, request => _endpoints.DismissDeadLetter(request, Token))).Status.Should().Be(expected);

    private Task<Asked> RedriveAsync(string instanceId) => Asked.AskAsync(
        $"?resourceId=ci_1&deliveryId=whd_1&instanceId={instanceId}",
        request => _endpoints.RedriveDeadLetter(request, _engine.Client, Token));

    private Task<Asked> DismissAsync(string deliveryId) => Asked.AskAsync(
        $"?resourceId=ci_1&deliveryId={deliveryId}&reason=made+by+hand+at+OMS", request => _endpoints.DismissDeadLetter(request, Token));
}
