using System.Text;
using DurableTask.Testing;
using FluentValidation;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Outbox;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Functions.Tests.Journeys;

/// <summary>
/// The same key is the same journey, whoever sends it, how often and when (docs/decisions/0003-idempotency-keys.md), on a real engine and
/// real tables.
/// </summary>
public sealed class JourneyStartTests(Azurite azurite) : IAsyncLifetime
{
    private const string Key = "order-1";

    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly JourneyKind Kind = new("Counted", "cnt", "/api/counted");
    private static readonly string Id = JourneyId.From(Kind.Prefix, Key);

    private readonly List<string> _runs = [];
    private DurableTaskTestHost _host = null!;
    private Intakes _intakes = null!;

    public async ValueTask InitializeAsync()
    {
        _intakes = new Intakes(await azurite.TablesAsync(), new EphemeralDataProtectionProvider());
        _host = await DurableTaskTestHost.StartAsync(registry =>
        {
            registry.AddOrchestratorFunc<string, string>(
                Kind.Orchestration, (context, input) => context.CallActivityAsync<string>("Count", input));
            registry.AddActivityFunc<string, string>("Count", (_, input) =>
            {
                lock (_runs)
                    _runs.Add(input);
                return input;
            });
        });
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_same_request_from_many_at_once_is_one_journey()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Task.Run(() => SendAsync("a"))));

        answers.Should().OnlyContain(answer => answer.Status == StatusCodes.Status202Accepted && answer.Location == $"/api/counted/{Id}");
        await EndedAsync();
        _runs.Should().Equal("a");
    }

    [Fact]
    public async Task Of_different_requests_under_one_key_at_once_one_wins_and_the_others_are_told()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 24).Select(n => Task.Run(async () => (Body: n % 3, (await SendAsync($"{n % 3}")).Status))));

        await EndedAsync();
        var winner = _runs.Should().ContainSingle().Subject;
        answers.Should().OnlyContain(
            answer => answer.Status == ($"{answer.Body}" == winner ? StatusCodes.Status202Accepted : StatusCodes.Status409Conflict));
    }

    [Fact]
    public async Task After_its_end_the_same_request_answers_the_journey_and_runs_nothing()
    {
        await SendAsync("a");
        await EndedAsync();

        (await SendAsync("a")).Status.Should().Be(StatusCodes.Status202Accepted);
        (await SendAsync("b")).Status.Should().Be(StatusCodes.Status409Conflict);
        _runs.Should().Equal("a");
    }

    [Fact]
    public async Task After_its_history_was_purged_the_same_request_still_runs_nothing()
    {
        await SendAsync("a");
        await EndedAsync();
        (await _host.Client.PurgeInstanceAsync(Id, Token)).PurgedInstanceCount.Should().Be(1);

        (await SendAsync("a")).Status.Should().Be(StatusCodes.Status202Accepted);
        (await JourneyView.FindAsync(_intakes, _host.Client, Kind, Id, Token))!.Status.Reason!.Code.Should().Be("history_gone");
        _runs.Should().Equal("a");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_start_that_broke_off_after_it_was_stored_is_made_good(bool bySweeper)
    {
        await StoreOnlyAsync("a");

        if (bySweeper)
            await SweepAsync();
        else
            (await SendAsync("a")).Status.Should().Be(StatusCodes.Status202Accepted);

        await EndedAsync();
        _runs.Should().Equal("a");
        (await _intakes.GetAsync(Id, Token)).State.Should().Be(IntakeState.Started);
    }

    [Fact]
    public async Task A_start_that_broke_off_before_it_was_noted_is_not_made_twice()
    {
        await SendAsync("a");
        await EndedAsync();
        await _intakes.UpdateAsync(Id, intake => intake with { State = IntakeState.Accepted }, Token);

        await SweepAsync();
        await SendAsync("a");

        (await _intakes.GetAsync(Id, Token)).State.Should().Be(IntakeState.Started);
        _runs.Should().Equal("a");
    }

    [Fact]
    public async Task A_start_under_way_is_left_to_whoever_makes_it()
    {
        await StoreOnlyAsync("a");

        await SweepAsync(later: TimeSpan.FromSeconds(10));

        (await _host.Client.GetInstanceAsync(Id, Token)).Should().BeNull();
    }

    private async Task<(int? Status, string Location)> SendAsync(string value)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers[IdempotencyKey.HeaderName] = Key;
        http.Request.ContentType = "application/json";
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes($$"""{ "value": "{{value}}" }"""));
        var start = new JourneyStart(_intakes, Outboxes.Off(), TimeProvider.System, NullLogger<JourneyStart>.Instance);
        var result = await start.ServeAsync(
            http.Request, _host.Client, Kind, new InlineValidator<Body>(), (id, body) => ToIntake(id, body.Value), Token);
        return (((IStatusCodeHttpResult)result).StatusCode, http.Response.Headers.Location.ToString());
    }

    /// <summary>What a process leaves behind that dies between the two writes.</summary>
    private async Task StoreOnlyAsync(string value)
    {
        await SendAsync(value);
        await EndedAsync();
        var stored = await _intakes.GetAsync(Id, Token);
        await _host.Client.PurgeInstanceAsync(Id, Token);
        _runs.Clear();
        await _intakes.UpdateAsync(Id, _ => stored with { State = IntakeState.Accepted }, Token);
    }

    private async Task SweepAsync(TimeSpan? later = null)
    {
        var clock = new FakeTimeProvider((await _intakes.GetAsync(Id, Token)).ReceivedAt + (later ?? TimeSpan.FromMinutes(1)));
        var start = new JourneyStart(_intakes, Outboxes.Off(), clock, NullLogger<JourneyStart>.Instance);
        await new StartSweeper(start, _intakes, clock, NullLogger<StartSweeper>.Instance).SweepStarts(new TimerInfo(), _host.Client, Token);
    }

    private Task<OrchestrationMetadata> EndedAsync() => _host.Client.WaitForInstanceCompletionAsync(Id, Token);

    private static Intake ToIntake(string id, string value)
        => new() { InstanceId = id, Orchestration = Kind.Orchestration, Input = $"\"{value}\"" };

    private sealed record Body(string Value);
}
