using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Functions.Tests.Tables;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

public sealed class InboxCleaningTests : IDisposable
{
    private static readonly CancellationToken Token = CancellationToken.None;

    private readonly FakeTimeProvider _clock = new(Events.Start);
    private readonly InMemoryTables _memory = new();
    private readonly TableTraffic _traffic = new();
    private readonly JourneyRecorder _journeys = new();
    private readonly AppTables _tables;
    private readonly Inbox _inbox;

    public InboxCleaningTests()
    {
        _tables = _memory.Open(_traffic);
        _inbox = new Inbox(_tables, _clock, NullLogger<Inbox>.Instance);
    }

    public void Dispose()
    {
        _traffic.Dispose();
        _memory.Dispose();
    }

    [Fact]
    public async Task What_is_old_goes_but_nothing_that_may_still_have_to_be_booked()
    {
        await StoreAsync("whd_done", "ci_1");
        await WaitAsync("whd_open", "ci_1");
        _clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromSeconds(1));
        await StoreAsync("whd_new", "ci_1");
        await CleanAsync();

        (await IsKeptAsync("whd_done", "ci_1")).Should().BeFalse();
        (await IsKeptAsync("whd_open", "ci_1")).Should().BeTrue();
        (await IsKeptAsync("whd_new", "ci_1")).Should().BeTrue();
    }

    [Fact]
    public async Task What_was_left_is_found_again_when_it_is_old_and_then_nothing_names_the_resource()
    {
        await StoreAsync("whd_first", "ci_1");
        _clock.Advance(TimeSpan.FromDays(20));
        await StoreAsHeardAsync("whd_second", "ci_1");
        _clock.Advance(TimeSpan.FromDays(11));
        await CleanAsync();
        (await IsKeptAsync("whd_first", "ci_1")).Should().BeFalse();
        (await IsKeptAsync("whd_second", "ci_1")).Should().BeTrue();

        _clock.Advance(TimeSpan.FromDays(20));
        await CleanAsync();

        (await IsKeptAsync("whd_second", "ci_1")).Should().BeFalse();
        (await _inbox.Lists.ReadKeptAsync(_clock.GetUtcNow(), null, 10, Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Listeners_of_journeys_that_are_over_or_gone_go_and_one_that_runs_is_looked_at_again()
    {
        _journeys.With("running").With("ended", OrchestrationRuntimeStatus.Completed);
        foreach (var journey in (string[])["running", "ended", "purged"])
            await _inbox.ListenAsync("ci_1", journey, Token);
        await _inbox.Lists.KeepAsync("ci_1", _clock.GetUtcNow(), Token);
        await CleanAsync();

        (await _inbox.ListListenersAsync("ci_1", Token)).Should().HaveCount(3, "a start may still be under way");
        _clock.Advance(TimeSpan.FromDays(31));
        await CleanAsync();
        (await _inbox.ListListenersAsync("ci_1", Token)).Should().Equal("running");

        _journeys.With("running", OrchestrationRuntimeStatus.Completed);
        _clock.Advance(TimeSpan.FromDays(31));
        await CleanAsync();
        (await _inbox.ListListenersAsync("ci_1", Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_pass_costs_as_much_as_it_removes_however_much_is_kept()
    {
        using var another = new InboxCleaningTests();
        var few = await CostAsync(kept: 100);
        var many = await another.CostAsync(kept: 2_000);

        many.Should().Be(few);
        many.Requests.Should().BeLessThan(20 * 5, "of each resource: events, listeners, removal; and some for all of them");
        many.Rows.Should().Be(20 * 2, "each resource that is old, and its event");
        _traffic.Wide.Should().BeEmpty("a query is a range of keys in one partition");
    }

    [Fact]
    public async Task A_pass_ends_in_time_and_the_next_one_goes_on()
    {
        for (var number = 0; number < 120; number++)
            await StoreAsync("whd_1", $"ci_{number:D3}");
        _clock.Advance(TimeSpan.FromDays(31));
        var pages = 0;
        _memory.Failing = call =>
        {
            // Each page of the list takes six minutes.
            if (call is { Method: "GET", Table: "TIndex" } && ++pages > 1)
                _clock.Advance(TimeSpan.FromMinutes(6));
            return TableFailure.None;
        };

        await CleanAsync();
        (await KeptCountAsync()).Should().Be(20);
        await CleanAsync();
        (await KeptCountAsync()).Should().Be(0);
    }

    [Fact]
    public async Task A_resource_that_fails_stops_no_other_and_is_tried_again()
    {
        foreach (var resource in (string[])["ci_0", "ci_1", "ci_2"])
            await StoreAsync("whd_1", resource);
        _clock.Advance(TimeSpan.FromDays(31));
        _memory.Failing = call => call is { Table: "TInbox", Partition: "ci_1" } ? TableFailure.Before : TableFailure.None;
        await CleanAsync();
        _memory.Failing = _ => TableFailure.None;

        (await IsKeptAsync("whd_1", "ci_0")).Should().BeFalse();
        (await IsKeptAsync("whd_1", "ci_1")).Should().BeTrue();
        (await IsKeptAsync("whd_1", "ci_2")).Should().BeFalse();
        await CleanAsync();
        (await IsKeptAsync("whd_1", "ci_1")).Should().BeFalse();
    }

    private async Task<(int Requests, int Rows)> CostAsync(int kept)
    {
        for (var number = 0; number < 20; number++)
            await StoreAsync("whd_old", $"ci_old{number}");
        _clock.Advance(TimeSpan.FromDays(31));
        for (var number = 0; number < kept; number++)
            await StoreAsync("whd_new", $"ci_{number}");
        _traffic.Reset();
        await CleanAsync();
        return (_traffic.Requests, _traffic.Rows);
    }

    private Task CleanAsync()
        => new InboxCleaning(
            _tables, _inbox, new FixedOptions<WebhookOptions>(new()), _clock, NullLogger<InboxCleaning>.Instance)
            .RunAsync(_journeys.Client, Token);

    private async Task<bool> IsKeptAsync(string deliveryId, string resourceId)
        => await _inbox.FindAsync(resourceId, deliveryId, Token) is not null;

    private async Task<int> KeptCountAsync() => (await _inbox.Lists.ReadKeptAsync(_clock.GetUtcNow(), null, 1_000, Token)).Count;

    private InboxEvent Told(string deliveryId, string resourceId)
        => Events.CashInCompleted(deliveryId, resourceId, _clock.GetUtcNow()) with { Settles = false, State = InboxState.Delivered };

    private async Task StoreAsync(string deliveryId, string resourceId)
    {
        await _inbox.Lists.KeepAsync(resourceId, _clock.GetUtcNow(), Token);
        await _inbox.StoreAsync(Told(deliveryId, resourceId), Token);
    }

    /// <summary>As an event that names the journey which listens: nothing but its own row is written.</summary>
    private async Task StoreAsHeardAsync(string deliveryId, string resourceId)
        => await _tables.Inbox.AddEntityAsync(Told(deliveryId, resourceId).Write(), Token);

    private async Task WaitAsync(string deliveryId, string resourceId)
    {
        var waiting = Events.CashInCompleted(deliveryId, resourceId, _clock.GetUtcNow());
        await _inbox.StoreAsync(waiting, Token);
        await _inbox.Lists.WaitAsync(waiting, Token);
    }
}
