using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using OmsWorkflows.Actions;
using OmsWorkflows.CashIns;
using OmsWorkflows.Functions.Tests.Http;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>What people tell a journey: written down with who said it, and answered with what has to be known.</summary>
public sealed class JourneyCommandsTests(Azurite azurite) : IAsyncLifetime
{
    private const string Id = "ci-1";
    private const string Why = "?outcome=Returned&reference=OPS-7&reason=paid+back+at+the+store";

    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly Actor Ana = new("7d1c1c1e-0000-4000-8000-000000000001", IsKnown: true);
    private static readonly Actor Ben = new("7d1c1c1e-0000-4000-8000-000000000002", IsKnown: true);

    private readonly FakeTimeProvider _clock = new(Events.Start);
    private readonly DecisionOptions _options = new();
    private readonly List<Signal> _raised = [];
    private readonly Mock<DurableTaskClient> _client = new("test");
    private JourneyStatus _status = new() { Phase = JourneyPhase.AwaitingDeposit, CustomerId = "cst_1" };
    private Intakes _intakes = null!;
    private ActionLog _actions = null!;
    private Decisions _decisions = null!;
    private JourneyEndpoints _endpoints = null!;

    private JourneyCommands Commands => new(_intakes, _actions, _decisions, _clock);

    public async ValueTask InitializeAsync()
    {
        var tables = await azurite.TablesAsync();
        _intakes = new Intakes(tables, new EphemeralDataProtectionProvider());
        _actions = new ActionLog(tables);
        _decisions = new Decisions(
            tables, _actions, new FixedOptions<DecisionOptions>(_options), _clock, NullLogger<Decisions>.Instance);
        var search = new JourneySearch(
            [CashInEndpoints.Kind], _intakes, new Inbox(tables, _clock, NullLogger<Inbox>.Instance),
            new SettlementLedger(tables, _clock, NullLogger<SettlementLedger>.Instance));
        _endpoints = new JourneyEndpoints(
            [CashInEndpoints.Kind], _intakes, search, new JourneyReader(_actions, _decisions), Commands);
        await _intakes.AddAsync(
            new() { InstanceId = Id, Orchestration = CashInWorkflow.Name, Input = "{}", State = IntakeState.Started }, Token);
        _client.Setup(c => c.GetInstanceAsync(Id, It.IsAny<bool>(), It.IsAny<CancellationToken>())).ReturnsAsync(() => Instance());
        _client.Setup(c => c.RaiseEventAsync(Id, Signal.EventName, It.IsAny<object?>(), It.IsAny<CancellationToken>()))
            .Callback((string _, string _, object? signal, CancellationToken _) => _raised.Add((Signal)signal!))
            .Returns(Task.CompletedTask);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Refresh_says_that_the_code_shown_is_still_the_old_one_and_the_journey_shows_who_asked()
    {
        var answer = await SendAsync(JourneyCommand.Refresh, Ana);

        answer.Status.Should().Be(202);
        answer.Body["note"]!.GetValue<string>().Should().Contain("still the old one");
        (await ReadAsync())["actions"]![0].Deserialize<ActionRecord>(ApiJson.Options).Should().Be(
            new ActionRecord(Events.Start, "refresh", Ana.Id));
    }

    [Fact]
    public async Task A_repeated_command_is_one_action_and_the_same_key_of_another_caller_is_another()
    {
        await SendAsync(JourneyCommand.Cancel, Ana, "key-1");
        await SendAsync(JourneyCommand.Cancel, Ana, "key-1");
        await SendAsync(JourneyCommand.Cancel, Ben, "key-1");

        (await _actions.ListAsync(Id, Token)).Select(action => action.By).Should().BeEquivalentTo(Ana.Id, Ben.Id);
        _raised.Select(signal => signal.DeliveryId).Distinct().Should().HaveCount(2);
    }

    [Fact]
    public async Task Ask_wakes_a_journey_of_any_kind_and_is_among_its_links()
    {
        (await ReadAsync())["links"]!["ask"]!.GetValue<string>().Should().Be($"/api/journeys/{Id}/ask");

        var answer = await Asked.AskAsync("", request => _endpoints.AskNow(request, Id, _client.Object, Token));

        answer.Status.Should().Be(202);
        _raised.Should().ContainSingle().Which.Command.Should().Be(CommandNames.Ask);
    }

    [Fact]
    public async Task Resolve_tells_the_journey_the_outcome_and_keeps_reference_and_reason()
    {
        _status = _status with { Phase = JourneyPhase.NeedsReview };

        (await ResolveAsync(Why, Ana)).Status.Should().Be(202);

        _raised.Should().ContainSingle().Which.Argument.Should().Be("Returned");
        (await _actions.ListAsync(Id, Token)).Should().Equal(
            new ActionRecord(Events.Start, "resolve", Ana.Id, "Returned", "paid back at the store", "OPS-7"));
    }

    [Theory]
    [InlineData("?reference=OPS-7&reason=paid+back", "outcome")]
    [InlineData("?outcome=0&reference=OPS-7&reason=paid+back", "outcome")]
    [InlineData("?outcome=Returned&reason=paid+back", "reference")]
    [InlineData("?outcome=Returned&reference=OPS-7", "reason")]
    public async Task Resolve_without_what_it_needs_names_it(string query, string field)
    {
        _status = _status with { Phase = JourneyPhase.NeedsReview };

        (await ResolveAsync(query, Ana)).Errors.Should().Equal(field);
        _raised.Should().BeEmpty();
    }

    [Fact]
    public async Task Resolve_by_two_waits_for_the_second_who_has_to_name_the_same_outcome()
    {
        _options.TwoPeople = true;
        _status = _status with { Phase = JourneyPhase.NeedsReview };

        (await ResolveAsync(Why, Ana)).Body["expiresAt"].Should().NotBeNull();
        (await ReadAsync())["pending"]!["by"]!.GetValue<string>().Should().Be(Ana.Id);
        (await ResolveAsync(Why.Replace("Returned", "Delivered", StringComparison.Ordinal), Ben)).Status.Should().Be(409);
        _raised.Should().BeEmpty();
        await ResolveAsync(Why, Ben);

        _raised.Should().ContainSingle();
        (await _actions.ListAsync(Id, Token)).Should().ContainSingle().Which.ProposedBy.Should().Be(Ana.Id);
    }

    [Fact]
    public async Task Resolve_of_a_journey_that_needs_none_proposes_nothing()
    {
        _options.TwoPeople = true;

        (await ResolveAsync(Why, Ana)).Status.Should().Be(409);
        (await _decisions.ListAsync(Token)).Should().BeEmpty();
    }

    private OrchestrationMetadata Instance() => new(CashInWorkflow.Name, Id)
    {
        RuntimeStatus = OrchestrationRuntimeStatus.Running,
        DataConverter = Microsoft.DurableTask.Converters.JsonDataConverter.Default,
        SerializedCustomStatus = Microsoft.DurableTask.Converters.JsonDataConverter.Default.Serialize(_status),
    };

    private Task<Asked> SendAsync(JourneyCommand command, Actor actor, string? key = null) => Asked.AskAsync(
        "", request => Commands.SendAsync(By(actor, request, key), _client.Object, CashInEndpoints.Kind, Id, command, Token));

    private Task<Asked> ResolveAsync(string query, Actor actor) => Asked.AskAsync(
        query, request => Commands.ResolveAsync(By(actor, request), _client.Object, CashInEndpoints.Kind, Id, Token));

    private async Task<JsonNode> ReadAsync()
        => (await Asked.AskAsync("", request => _endpoints.GetJourney(request, Id, _client.Object, Token))).Body;

    private static HttpRequest By(Actor actor, HttpRequest request, string? key = null)
    {
        request.HttpContext.Features.Set(actor);
        if (key is not null)
            request.Headers[IdempotencyKey.HeaderName] = key;
        return request;
    }
}
