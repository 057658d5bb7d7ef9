using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

/// <summary>Events that name the journey they are about (docs/decisions/0002-store-first-inbox.md).</summary>
public sealed class NamedJourneyTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;
    private static readonly InboxEvent Told = Events.CashInCompleted("whd_1") with { MadeBy = "journey" };

    private readonly TableTraffic _traffic = new();
    private readonly JourneyRecorder _journeys = new();
    private readonly Inbox _inbox;

    public NamedJourneyTests()
        => _inbox = new Inbox(new InMemoryTables().Open(_traffic), new FakeTimeProvider(Events.Start), NullLogger<Inbox>.Instance);

    public void Dispose() => _traffic.Dispose();

    [Fact]
    public async Task What_the_named_journey_listens_to_is_stored_and_raised_in_one_request()
    {
        await _inbox.ListenAsync("ci_1", "journey", Token);
        _traffic.Reset();

        (await _inbox.TakeAsync(Told, _journeys.Client, Token)).Should().BeTrue();

        _traffic.Requests.Should().Be(1, _traffic.ToString());
        _journeys.Of("journey").Should().ContainSingle();
        (await WaitingAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task What_comes_again_is_raised_again_because_the_first_attempt_may_have_died_before_that()
    {
        await _inbox.ListenAsync("ci_1", "journey", Token);
        await _inbox.TakeAsync(Told, _journeys.Client, Token);

        (await _inbox.TakeAsync(Told, _journeys.Client, Token)).Should().BeFalse();

        _journeys.Of("journey").Should().HaveCount(2);
    }

    [Fact]
    public async Task Beside_the_named_one_all_others_that_listen_get_it()
    {
        await _inbox.ListenAsync("ci_1", "journey", Token);
        await _inbox.ListenAsync("ci_1", "another", Token);

        await _inbox.TakeAsync(Told, _journeys.Client, Token);

        _journeys.Raised.Select(raised => raised.InstanceId).Should().BeEquivalentTo("journey", "another");
    }

    [Fact]
    public async Task What_nobody_listens_to_waits_on_the_list()
    {
        await _inbox.TakeAsync(Told, _journeys.Client, Token);

        (await WaitingAsync()).Should().Equal("whd_1");
        (await _inbox.ListenAsync("ci_1", "journey", Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task After_a_journey_that_booked_what_is_told_concerns_nobody_and_is_no_dead_letter()
    {
        await _inbox.ListenAsync("ci_1", "journey", Token);
        _journeys.With("journey", OrchestrationRuntimeStatus.Completed).Failure = new InvalidOperationException("not running");

        await _inbox.TakeAsync(Told, _journeys.Client, Token);

        (await WaitingAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task After_a_journey_that_was_broken_off_what_is_told_waits_on_the_list()
    {
        await _inbox.ListenAsync("ci_1", "journey", Token);
        _journeys.With("journey", OrchestrationRuntimeStatus.Terminated).Failure = new InvalidOperationException("not running");

        await _inbox.TakeAsync(Told, _journeys.Client, Token);

        (await WaitingAsync()).Should().Equal("whd_1");
        (await _inbox.FindAsync("ci_1", "whd_1", Token))!.State.Should().Be(InboxState.Waiting);
    }

    [Fact]
    public async Task While_the_engine_is_down_OMS_is_asked_to_send_it_again_and_it_waits_on_the_list()
    {
        await _inbox.ListenAsync("ci_1", "journey", Token);
        _journeys.With("journey").Failure = new IOException("engine down");

        var taking = () => _inbox.TakeAsync(Told, _journeys.Client, Token);

        await taking.Should().ThrowAsync<IOException>();
        (await WaitingAsync()).Should().Equal("whd_1");
    }

    [Fact]
    public async Task A_journey_that_ends_without_booking_what_it_was_told_leaves_it_on_the_list()
    {
        await _inbox.ListenAsync("ci_1", "journey", Token);
        await _inbox.TakeAsync(Told, _journeys.Client, Token);

        await _inbox.StopListeningAsync("journey", ["ci_1"], Token);

        (await WaitingAsync()).Should().Equal("whd_1");
    }

    private async Task<IEnumerable<string>> WaitingAsync()
        => (await _inbox.Lists.ReadWaitingAsync(Events.Start.AddDays(1), null, 10, Token))
            .Select(row => InboxLists.EventOf(row)!.Value.DeliveryId);
}
