using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

public sealed class InboxTests(Azurite azurite)
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(Events.Start);
    private readonly JourneyRecorder _journeys = new();

    [Fact]
    public async Task Listen_after_an_event_hands_it_out_as_it_was_stored()
    {
        var inbox = await InboxAsync();
        var received = Events.CashInCompleted("whd_1");
        (await inbox.StoreAsync(received, Token)).Should().BeTrue();

        var signals = await inbox.ListenAsync("ci_1", "journey", Token);

        signals.Should().ContainSingle().Which.Should().Be(received.Signal);
        (await inbox.FindAsync("ci_1", "whd_1", Token))!.State.Should().Be(InboxState.Delivered);
    }

    [Fact]
    public async Task Listen_repeated_hands_out_the_same_again()
    {
        // The activity may have died after the first call, before anybody remembered its answer.
        var inbox = await InboxAsync();
        await inbox.StoreAsync(Events.CashInCompleted("whd_1"), Token);
        await inbox.ListenAsync("ci_1", "journey", Token);

        (await inbox.ListenAsync("ci_1", "journey", Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task Listen_many_events_hands_out_the_newest_oldest_first()
    {
        var inbox = await InboxAsync();
        for (var i = 0; i < 60; i++)
            await inbox.StoreAsync(Events.CashInCompleted($"whd_{i:00}", receivedAt: Events.Start.AddSeconds(i)), Token);
        var signals = await inbox.ListenAsync("ci_1", "journey", Token);

        signals.Select(signal => signal.DeliveryId).Should().Equal(Enumerable.Range(10, 50).Select(i => $"whd_{i:00}"));
    }

    [Fact]
    public async Task Listen_other_resources_are_not_handed_out()
    {
        var inbox = await InboxAsync();
        await inbox.StoreAsync(Events.CashInCompleted("whd_1", "ci_1:x"), Token);
        await inbox.StoreAsync(Events.CashInCompleted("whd_2", "ci_12"), Token);

        (await inbox.ListenAsync("ci_1", "journey", Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Deliver_to_several_listeners_reaches_each_once()
    {
        var inbox = await InboxAsync();
        await inbox.ListenAsync("ci_1", "first", Token);
        await inbox.ListenAsync("ci_1", "second/with:odd #chars?", Token);
        var received = Events.CashInCompleted("whd_1");
        await inbox.StoreAsync(received, Token);

        (await inbox.DeliverAsync(received, _journeys.Client, Token)).Should().Be(2);

        _journeys.Raised.Should().BeEquivalentTo([("first", received.Signal), ("second/with:odd #chars?", received.Signal)]);
        (await inbox.FindAsync("ci_1", "whd_1", Token))!.State.Should().Be(InboxState.Delivered);
    }

    [Fact]
    public async Task Listen_many_journeys_come_and_go_at_once_those_that_stay_are_reached()
    {
        var inbox = await InboxAsync();
        string[] staying = [.. Enumerable.Range(0, 8).Select(number => $"stays-{number}")];
        string[] leaving = [.. Enumerable.Range(0, 8).Select(number => $"leaves-{number}")];

        await Task.WhenAll(staying.Concat(leaving).Select(async journey =>
        {
            await inbox.ListenAsync("cst_1", journey, Token);
            await inbox.ListenAsync("cst_1", journey, Token);
            if (leaving.Contains(journey))
                await inbox.StopListeningAsync(journey, ["cst_1"], Token);
        }));

        (await inbox.ListenersAsync("cst_1", Token)).Select(listener => listener.InstanceId).Should().BeEquivalentTo(staying);
        await Task.WhenAll(staying.Select(journey => inbox.StopListeningAsync(journey, ["cst_1"], Token)));
        (await inbox.ListenersAsync("cst_1", Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Deliver_after_stop_listening_reaches_nobody_and_keeps_the_event()
    {
        var inbox = await InboxAsync();
        await inbox.ListenAsync("ci_1", "journey", Token);
        await inbox.StopListeningAsync("journey", ["ci_1", "cst_never_listened_to"], Token);
        var received = Events.CashInCompleted("whd_1");
        await inbox.StoreAsync(received, Token);

        (await inbox.DeliverAsync(received, _journeys.Client, Token)).Should().Be(0);
        (await inbox.FindAsync("ci_1", "whd_1", Token))!.State.Should().Be(InboxState.Waiting);
    }

    [Fact]
    public async Task Deliver_to_a_journey_that_came_to_its_end_concerns_nobody()
    {
        var inbox = await InboxAsync();
        _journeys.With("journey", OrchestrationRuntimeStatus.Completed).Failure = new InvalidOperationException("not running");
        await inbox.ListenAsync("ci_1", "journey", Token);
        var received = Events.CashInCompleted("whd_1");
        await inbox.StoreAsync(received, Token);

        (await inbox.DeliverAsync(received, _journeys.Client, Token)).Should().Be(0);

        (await inbox.FindAsync("ci_1", "whd_1", Token))!.State.Should().Be(InboxState.Delivered);
        (await inbox.ListenersAsync("ci_1", Token)).Should().ContainSingle("what is told later concerns nobody either");
    }

    [Theory]
    [InlineData(null)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    public async Task Deliver_to_a_journey_that_is_gone_or_broken_off_removes_its_listener(OrchestrationRuntimeStatus? status)
    {
        var inbox = await InboxAsync();
        if (status is { } ended)
            _journeys.With("journey", ended);
        await inbox.ListenAsync("ci_1", "journey", Token);
        var received = Events.CashInCompleted("whd_1");
        await inbox.StoreAsync(received, Token);
        _journeys.Failure = new InvalidOperationException("not running");

        (await inbox.DeliverAsync(received, _journeys.Client, Token)).Should().Be(0);

        (await inbox.ListenersAsync("ci_1", Token)).Should().BeEmpty();
        (await inbox.FindAsync("ci_1", "whd_1", Token))!.State.Should().Be(InboxState.Waiting);
    }

    [Fact]
    public async Task Deliver_when_the_engine_fails_throws_and_keeps_listener_and_event()
    {
        var inbox = await InboxAsync();
        _journeys.With("journey").Failure = new IOException("engine down");
        await inbox.ListenAsync("ci_1", "journey", Token);
        var received = Events.CashInCompleted("whd_1");
        await inbox.StoreAsync(received, Token);

        var delivering = () => inbox.DeliverAsync(received, _journeys.Client, Token);

        await delivering.Should().ThrowAsync<IOException>();
        (await inbox.ListenersAsync("ci_1", Token)).Select(listener => listener.InstanceId).Should().Equal("journey");
        (await inbox.FindAsync("ci_1", "whd_1", Token))!.State.Should().Be(InboxState.Waiting);
    }

    [Fact]
    public async Task Store_same_delivery_is_stored_once()
    {
        var inbox = await InboxAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => inbox.StoreAsync(Events.CashInCompleted("whd_1"), Token)));

        results.Count(stored => stored).Should().Be(1);
    }

    [Fact]
    public async Task Mark_with_a_version_that_is_old_changes_nothing()
    {
        var inbox = await InboxAsync();
        await inbox.StoreAsync(Events.CashInCompleted("whd_1"), Token);
        var read = (await inbox.FindAsync("ci_1", "whd_1", Token))!;
        await inbox.ListenAsync("ci_1", "journey", Token);

        (await inbox.MarkAsync(read, InboxState.Dead, Token)).Should().BeFalse();
        (await inbox.FindAsync("ci_1", "whd_1", Token))!.State.Should().Be(InboxState.Delivered);
    }

    private async Task<Inbox> InboxAsync() => new(await azurite.TablesAsync(), _clock, NullLogger<Inbox>.Instance);
}
