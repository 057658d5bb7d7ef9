using System.Diagnostics;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Benchmarks;

/// <summary>Work that is there all at once: how fast it is done, and what it costs.</summary>
internal static class ThroughputBenchmarks
{
    public static async Task SequentialAsync()
    {
        const int warmUp = 200;
        const int instances = 5_000;
        const int steps = 5;
        Report.Workload("sequential", $"{instances:N0} instances of {steps} activities one after the other, all started at once");
        await using var engine = await new BenchmarkEngine(tasks => tasks
            .AddOrchestratorFunc<int, int>("five", async (context, n) =>
            {
                for (var step = 0; step < steps; step++)
                {
                    n = await context.CallActivityAsync<int>("next", n);
                }

                return n;
            })
            .AddActivityFunc<int, int>("next", (_, n) => n + 1)).StartAsync();
        await RunAllAsync(engine.Client, "five", warmUp);

        var ceiling = RawSqlite.CommitsPerSecond(1);
        var allocated = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        await RunAllAsync(engine.Client, "five", instances);
        var seconds = watch.Elapsed.TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes() - allocated;

        const int turns = instances * (steps + 1);
        Report.Figure("orchestrations", instances / seconds, "per second");
        PrintShare("turns stored", turns / seconds, ceiling);
        Report.Figure("allocated per turn, activity and client included", allocated / (double)turns / 1024, "KB");
        await engine.StopAsync();
        Report.Figure("database per ended instance", new FileInfo(engine.DatabasePath).Length / (double)(instances + warmUp), "bytes");
    }

    public static async Task FanOutAsync()
    {
        const int instances = 10;
        const int width = 1_000;
        Report.Workload("fan-out", $"{instances} instances of {width:N0} activities side by side");
        await using var engine = await new BenchmarkEngine(tasks => tasks
            .AddOrchestratorFunc<int, int>("fan", async (context, n) =>
                (await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallActivityAsync<int>("same", i)))).Length)
            .AddActivityFunc<int, int>("same", (_, n) => n)).StartAsync();
        await RunAllAsync(engine.Client, "fan", 1, width / 10);

        var ceiling = RawSqlite.CommitsPerSecond(1);
        var watch = Stopwatch.StartNew();
        await RunAllAsync(engine.Client, "fan", instances, width);

        Report.Figure("until the last has ended", watch.Elapsed.TotalSeconds, "s");
        PrintShare("activities", instances * width / watch.Elapsed.TotalSeconds, ceiling);
    }

    /// <summary>More than 100 % means that several share a commit.</summary>
    private static void PrintShare(string what, double perSecond, double ceiling)
    {
        Report.Figure(what, perSecond, "per second");
        Report.Figure($"{what}, as a share of raw SQLite with one row per commit", perSecond / ceiling * 100, "%");
    }

    private static async Task RunAllAsync(DurableTaskClient client, string name, int count, int input = 0)
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => client.ScheduleNewOrchestrationInstanceAsync(name, input)));
        await Task.WhenAll(ids.Select(id => client.WaitForInstanceCompletionAsync(id)));
    }
}
