using System.Diagnostics;
using Microsoft.DurableTask;

namespace OmsWorkflows.Benchmarks;

/// <summary>
/// From the moment an event is raised to the moment the activity it leads to starts: two commits one after the other, that of the event and
/// that of the turn.
/// </summary>
internal static class LatencyBenchmarks
{
    private const int Instances = 64;

    public static async Task RunAsync()
    {
        await MeasureAsync(
            "one event at a time, the next when its activity has started", 1_000, (events, raise) => events.ForEachAsync(raise));
        await MeasureAsync(
            "500 events per second over 64 instances, at a steady rate", 5_000, (events, raise) => events.AtRateAsync(500, raise));
        await MeasureAsync(
            "1,000 events per second over 64 instances, at a steady rate", 10_000, (events, raise) => events.AtRateAsync(1_000, raise));
        await MeasureAsync(
            "64 instances without a pause, which is as many events as the engine takes",
            12_800,
            (events, raise) => events.InParallelAsync(Instances, raise));
    }

    private static async Task MeasureAsync(string load, int events, Func<Events, Func<int, Task>, Task> drive)
    {
        var raised = new long[events];
        var reached = new double[events];
        var signals = Enumerable.Range(0, events)
            .Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            .ToArray();
        await using var engine = await new BenchmarkEngine(tasks => tasks
            .AddOrchestratorFunc("react", async context =>
            {
                for (var events = 0; events < 50; events++)
                {
                    await context.CallActivityAsync("reached", await context.WaitForExternalEvent<int>("e"));
                }

                context.ContinueAsNew(null, preserveUnprocessedEvents: true);
            })
            .AddActivityFunc<int>("reached", (_, n) =>
            {
                reached[n] = Stopwatch.GetElapsedTime(raised[n]).TotalMilliseconds;
                signals[n].SetResult();
            })).StartAsync();
        var client = engine.Client;
        for (var i = 0; i < Instances; i++)
        {
            await client.WaitForInstanceStartAsync(
                await client.ScheduleNewOrchestrationInstanceAsync("react", new StartOrchestrationOptions($"{i}")));
        }

        var ceiling = RawSqlite.CommitMilliseconds(1);
        var watch = Stopwatch.StartNew();
        await drive(new Events(events), async n =>
        {
            raised[n] = Stopwatch.GetTimestamp();
            await client.RaiseEventAsync($"{n % Instances}", "e", n);
            await signals[n].Task;
        });
        var perSecond = events / watch.Elapsed.TotalSeconds;

        // The first tenth warms up.
        var latency = new Percentiles(reached.Skip(events / 10));
        Report.Workload("latency", $"event raised to activity started; {load}");
        Report.Figure("events", perSecond, "per second");
        Report.Figure("p50", latency.P50, "ms");
        Report.Figure("p99", latency.P99, "ms");
        Report.Figure("two commits of raw SQLite, p50", ceiling.P50 * 2, "ms");
        Report.Figure("two commits of raw SQLite, p99", ceiling.P99 * 2, "ms");
    }
}

/// <summary>Ways to raise numbered events.</summary>
internal readonly record struct Events(int Count)
{
    public async Task ForEachAsync(Func<int, Task> raise)
    {
        for (var n = 0; n < Count; n++)
        {
            await raise(n);
        }
    }

    /// <summary>So many at once, each followed by the next.</summary>
    public Task InParallelAsync(int workers, Func<int, Task> raise)
    {
        var each = Count / workers;
        return Task.WhenAll(Enumerable.Range(0, workers).Select(async worker =>
        {
            for (var i = 0; i < each; i++)
            {
                await raise((i * workers) + worker);
            }
        }));
    }

    /// <summary>At a rate that does not slow down when the engine does.</summary>
    public async Task AtRateAsync(int perSecond, Func<int, Task> raise)
    {
        var all = new List<Task>(Count);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var watch = Stopwatch.StartNew();
        while (all.Count < Count)
        {
            await pace.WaitForNextTickAsync();
            for (var due = Math.Min(Count, watch.Elapsed.TotalSeconds * perSecond); all.Count < due;)
            {
                all.Add(raise(all.Count));
            }
        }

        await Task.WhenAll(all);
    }
}
