using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

public sealed class PurgeAndListTests
{
    private static void Same(DurableTaskRegistry tasks) => tasks.AddOrchestratorFunc<int, int>("same", (_, n) => n);

    [Fact]
    public async Task A_purge_stops_at_its_time_limit_and_goes_on_when_asked_again()
    {
        await using var engine = new EngineFixture(Same) { Clock = new HastyClock() };
        await engine.StartAsync();
        await RunMany(engine, 450);

        var first = await engine.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter { Timeout = TimeSpan.FromSeconds(1) });
        var rest = await engine.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter { Timeout = TimeSpan.FromDays(1) });

        first.IsComplete.Should().BeFalse();
        first.PurgedInstanceCount.Should().BeInRange(1, 449);
        rest.IsComplete.Should().BeTrue();
        (first.PurgedInstanceCount + rest.PurgedInstanceCount).Should().Be(450);
    }

    [Fact]
    public async Task A_time_limit_that_is_none_is_refused()
    {
        await using var engine = await EngineFixture.StartAsync(Same);

        var purge = () => engine.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter { Timeout = TimeSpan.Zero });

        await purge.Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    [Fact]
    public async Task A_recursive_purge_by_filter_takes_grandchildren_too()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks.AddOrchestratorFunc<int, int>("nest", async (context, depth) =>
            depth == 0 ? 0 : await context.CallSubOrchestratorAsync<int>("nest", depth - 1)));
        await engine.End(await engine.Start("nest", 3, new StartOrchestrationOptions("top")));

        var purged = await engine.Client.PurgeInstanceAsync("top", new PurgeInstanceOptions(Recursive: true));

        purged.PurgedInstanceCount.Should().Be(4);
        (await engine.Client.GetAllInstancesAsync().ToListAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Purged_instances_leave_nothing_in_the_database()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("busy", async (context, n) =>
            {
                using var cancel = new CancellationTokenSource();
                var timer = context.CreateTimer(TimeSpan.FromDays(1), cancel.Token);
                n = await context.CallActivityAsync<int>("next", n);
                await cancel.CancelAsync();
                return n;
            })
            .AddActivityFunc<int, int>("next", (_, n) => n + 1));
        var ids = await RunMany(engine, 20, "busy");
        await engine.Client.RaiseEventAsync(ids[0], "late");

        await engine.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter());
        await engine.StopAsync();

        engine.CountRows().Should().OnlyContain(table => table.Value == 0).And.ContainKeys("instances", "history", "inbox", "activities", "timers");
    }

    [Fact]
    public async Task Ids_are_listed_by_when_the_instance_ended_page_by_page()
    {
        await using var engine = await EngineFixture.StartAsync(Same);
        for (var i = 0; i < 7; i++)
        {
            await engine.End(await engine.Start("same", i, new StartOrchestrationOptions($"{6 - i}")));
        }

        var ids = new List<string>();
        string? last = null;
        do
        {
            var page = await engine.Client.ListInstanceIdsAsync(
                [OrchestrationRuntimeStatus.Completed], pageSize: 3, lastInstanceKey: last);
            page.Values.Count.Should().BeLessThanOrEqualTo(3);
            ids.AddRange(page.Values);
            last = page.ContinuationToken;
        }
        while (last is not null);

        ids.Should().Equal("6", "5", "4", "3", "2", "1", "0");
        (await engine.Client.ListInstanceIdsAsync([OrchestrationRuntimeStatus.Failed])).Values.Should().BeEmpty();
        (await engine.Client.ListInstanceIdsAsync(completedTimeFrom: DateTimeOffset.UtcNow.AddDays(1))).Values.Should().BeEmpty();
    }

    [Fact]
    public async Task The_history_of_an_unknown_instance_is_refused()
    {
        await using var engine = await EngineFixture.StartAsync(Same);

        var read = () => engine.Client.GetOrchestrationHistoryAsync("nobody");

        await read.Should().ThrowAsync<ArgumentException>();
    }

    private static async Task<string[]> RunMany(EngineFixture engine, int count, string name = "same")
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, count).Select(n => engine.Start(name, n)));
        await Task.WhenAll(ids.Select(engine.End));
        return ids;
    }

    /// <summary>A clock whose stop-watch gains ten seconds whenever it is read.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _reads;

        public override long GetTimestamp() => Interlocked.Increment(ref _reads) * 10 * TimestampFrequency;
    }
}
