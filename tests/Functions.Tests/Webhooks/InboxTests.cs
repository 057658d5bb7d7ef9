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
    public async Task ListenAsync_AfterAnEvent_HandsItOutAsItWasStored()
    {
        var inbox = await InboxAsync();
        var received = Events.CashInCompleted("whd_1");
        (await inbox.StoreAsync(received, Token)).Should().BeTrue();

        var signals = await inbox.ListenAsync("ci_1", "journey", Token);

        signals.Should().ContainSingle().Which.Should().Be(received.Signal);
        (await inbox.FindAsync("ci_1", "whd_1", Token))!.State.Should().Be(InboxState.Delivered);
    }

    [Fact]
    public async Task ListenAsync_Repeated_HandsOutTheSameAgain()
    {
        // The activity may have died after the first call, before anybody remembered its answer.
        var inbox = await InboxAsync();
        await inbox.StoreAsync(Events.CashInCompleted("whd_1"), Token);
        await inbox.ListenAsync("ci_1", "journey", Token);
        (await inbox.ListenAsync("ci_1", "journey", Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task ListenAsync_ManyEvents_HandsOutTheNewestOldestFirst()
    {
        var inbox = await InboxAsync();
        for (var i = 0; i < 60; i++)
            await inbox.StoreAsync(Events.CashInCompleted($"whd_{i:00}", receivedAt: Events.Start.AddSeconds(i)), Token);
        var signals = await inbox.ListenAsync("ci_1", "journey", Token);
        signals.Select(signal => signal.DeliveryId).Should().Equal(Enumerable.Range(10, 50).Select(i => $"whd_{i:00}"));
    }

    [Fact]
    public async Task ListenAsync_OtherResources_AreNotHandedOut()
    {
        var inbox = await InboxAsync();
        await inbox.StoreAsync(Events.CashInCompleted("whd_1", "ci_1:x"), Token);
        await inbox.StoreAsync(Events.CashInCompleted("whd_2", "ci_12"), Token);
        (await inbox.ListenAsync("ci_1", "journey", Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task DeliverAsync_ToSeveralListeners_ReachesEachOnce()
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
    public async Task ListenAsync_ManyJourneysComeAndGoAtOnce_ThoseThatStayAreReached()
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
    public async Task DeliverAsync_AfterStopListening_ReachesNobodyAndKeepsTheEvent()
    {
        var inbox = await InboxAsync();
        await inbox.ListenAsync("ci_1", "journey", Token);
        await inbox.StopListeningAsync("journey", ["ci_1", "cst_never_listened_to"], Token);
        var received = Events.CashInCompleted("whd_1");
        await inbox.StoreAsync(received, Token);

        (await inbox.DeliverAsync(received, _journeys.Client, Token)).Should().Be(0);
        (await inbox.FindAsync("ci_1", "whd_1", Token))!.State.Should().Be(InboxState.Waiting);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    public async Task DeliverAsync_ToAJourneyThatIsOver_RemovesItsListener(OrchestrationRuntimeStatus? status)
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
    public async Task DeliverAsync_WhenTheEngineFails_ThrowsAndKeepsListenerAndEvent()
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
    public async Task StoreAsync_SameDelivery_IsStoredOnce()
    {
        var inbox = await InboxAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => inbox.StoreAsync(Events.CashInCompleted("whd_1"), Token)));
        results.Count(stored => stored).Should().Be(1);
    }

    [Fact]
    public async Task MarkAsync_WithAVersionThatIsOld_ChangesNothing()
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
