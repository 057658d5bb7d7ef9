using System.Diagnostics;
using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Benchmarks;

/// <summary>The workloads of DESIGN 9, each printed with its figures and, where it commits, beside the raw-SQLite ceiling.</summary>
internal static class EngineBenchmarks
{
    private static readonly Dictionary<string, Func<Task>> Workloads = new(StringComparer.Ordinal)
    {
        ["ceiling"] = Ceiling,
        ["sequential"] = Sequential,
        ["fan-out"] = FanOut,
        ["latency"] = Latency,
        ["waiting"] = Waiting,
    };

    public static async Task<int> RunAsync(IReadOnlyList<string> wanted)
    {
        foreach (var name in wanted.Count > 0 ? wanted : [.. Workloads.Keys])
        {
            if (!Workloads.TryGetValue(name, out var run))
            {
                await Console.Error.WriteLineAsync($"unknown workload {name}; there are: {string.Join(", ", Workloads.Keys)}");
                return 2;
            }

            await run();
        }

        return 0;
    }

    private static void Print(string workload, string figure, double value, string unit) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workload,-12} {figure,-46} {value,12:N2} {unit}"));

    private static Task Ceiling()
    {
        foreach (var rows in (int[])[1, 10, 100])
        {
            Print("ceiling", $"raw SQLite, {rows} rows per commit", RawSqlite.CommitsPerSecond(rows, TimeSpan.FromSeconds(2)), "commits/s");
        }

        return Task.CompletedTask;
    }

    private static async Task Sequential()
    {
        const int instances = 5_000;
        const int steps = 5;
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
        await RunAll(engine.Client, "five", 200);

        var allocated = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        await RunAll(engine.Client, "five", instances);
        var seconds = watch.Elapsed.TotalSeconds;

        const int turns = instances * (steps + 1);
        var ceiling = RawSqlite.CommitsPerSecond(1, TimeSpan.FromSeconds(2));
        Print("sequential", $"{instances} x {steps} activities, all at once", instances / seconds, "orchestrations/s");
        Print("sequential", "turns stored (FULL)", turns / seconds, "turns/s");
        Print("sequential", "share of raw SQLite, one row per commit", turns / seconds / ceiling * 100, "%");
        Print("sequential", "allocated per turn, client included", (GC.GetTotalAllocatedBytes() - allocated) / (double)turns / 1024, "KB");
        await engine.StopAsync();
        Print("sequential", "database per ended instance", new FileInfo(engine.DatabasePath).Length / (double)(instances + 200), "bytes");
    }

    private static async Task FanOut()
    {
        await using var engine = await new BenchmarkEngine(tasks => tasks
            .AddOrchestratorFunc<int, int>("fan", async (context, n) =>
                (await Task.WhenAll(Enumerable.Range(0, n).Select(i => context.CallActivityAsync<int>("same", i)))).Length)
            .AddActivityFunc<int, int>("same", (_, n) => n)).StartAsync();

        var watch = Stopwatch.StartNew();
        await RunAll(engine.Client, "fan", 10, 1_000);

        Print("fan-out", "10 x 1,000 activities", watch.Elapsed.TotalSeconds, "s");
        Print("fan-out", "activities", 10_000 / watch.Elapsed.TotalSeconds, "activities/s");
    }

    private static async Task Latency()
    {
        await MeasureLatency("light: one event at a time", 500, 1);
        await MeasureLatency("heavy: 64 instances at a time", 6_400, 64);
    }

    private static async Task MeasureLatency(string load, int events, int concurrent)
    {
        var raised = new long[events];
        var reached = new double[events];
        var signals = Enumerable.Range(0, events).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        await using var engine = await new BenchmarkEngine(tasks => tasks
            .AddOrchestratorFunc<int, object?>("react", async (context, rounds) =>
            {
                for (var round = 0; round < rounds; round++)
                {
                    await context.CallActivityAsync("reached", await context.WaitForExternalEvent<int>("e"));
                }

                return null;
            })
            .AddActivityFunc<int>("reached", (_, n) =>
            {
                reached[n] = Stopwatch.GetElapsedTime(raised[n]).TotalMilliseconds;
                signals[n].SetResult();
            })).StartAsync();
        var client = engine.Client;

        var each = events / concurrent;
        await Task.WhenAll(Enumerable.Range(0, concurrent).Select(async worker =>
        {
            var id = await client.ScheduleNewOrchestrationInstanceAsync("react", each);
            await client.WaitForInstanceStartAsync(id);
            for (var i = 0; i < each; i++)
            {
                var n = (worker * each) + i;
                raised[n] = Stopwatch.GetTimestamp();
                await client.RaiseEventAsync(id, "e", n);
                await signals[n].Task;
            }
        }));

        // The first tenth warms up.
        var sorted = reached.Skip(events / 10).Order().ToArray();
        Print("latency", $"event raised to activity started, p50, {load}", sorted[sorted.Length / 2], "ms");
        Print("latency", $"event raised to activity started, p99, {load}", sorted[sorted.Length * 99 / 100], "ms");
    }

    private static async Task Waiting()
    {
        const int instances = 100_000;
        await using var engine = new BenchmarkEngine(tasks => tasks
            .AddOrchestratorFunc<int>("wait", async context =>
            {
                using var timer = new CancellationTokenSource();
                var expiry = context.CreateTimer(TimeSpan.FromHours(10), timer.Token);
                var paid = context.WaitForExternalEvent<int>("paid");
                await Task.WhenAny(expiry, paid);
                timer.Cancel();
                return await paid;
            }));
        await engine.StartAsync();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, instances).Select(i => engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "wait", null, new StartOrchestrationOptions($"w{i}"))));
        Print("waiting", "100,000 starts accepted", watch.Elapsed.TotalSeconds, "s");
        for (var i = 0; i < instances; i++)
        {
            await engine.Client.WaitForInstanceStartAsync($"w{i}");
        }

        Print("waiting", "100,000 instances wait", watch.Elapsed.TotalSeconds, "s");
        await engine.StopAsync();
        Print("waiting", "database per waiting instance", new FileInfo(engine.DatabasePath).Length / (double)instances, "bytes");

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        watch.Restart();
        await engine.StartAsync();
        Print("waiting", "start-up with 100,000 waiting instances", watch.Elapsed.TotalSeconds, "s");
        Print("waiting", "resident after start-up", Environment.WorkingSet / 1024.0 / 1024, "MB");

        watch.Restart();
        await Answer(engine.Client, 0);
        Print("waiting", "first event to completion", watch.Elapsed.TotalMilliseconds, "ms");
        watch.Restart();
        for (var i = 1; i <= 500; i++)
        {
            await Answer(engine.Client, i * 199);
        }

        Print("waiting", "event to completion of a cold instance, mean", watch.Elapsed.TotalMilliseconds / 500, "ms");
    }

    private static async Task Answer(DurableTaskClient client, int instance)
    {
        await client.RaiseEventAsync($"w{instance}", "paid", instance);
        await client.WaitForInstanceCompletionAsync($"w{instance}");
    }

    private static async Task RunAll(DurableTaskClient client, string name, int count, int input = 0)
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => client.ScheduleNewOrchestrationInstanceAsync(name, input)));
        await Task.WhenAll(ids.Select(id => client.WaitForInstanceCompletionAsync(id)));
    }
}
