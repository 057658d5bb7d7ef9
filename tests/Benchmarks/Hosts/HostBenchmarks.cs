using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Machines;
using OmsWorkflows.Machines.Processes;

namespace OmsWorkflows.Benchmarks.Hosts;

/// <summary>
/// Orchestrations through the local host and a published worker, on the SQLite provider, on the published in-memory service and on the
/// published Azure Storage provider with Azurite, one after the other in one run: only their ratios say something about another machine.
/// </summary>
internal static class HostBenchmarks
{
    private const string StorageType = "AzureFunctionsJobHost__extensions__durableTask__storageProvider__type";

    /// <summary>Azurite takes seconds for what the others do in a moment.</summary>
    private const int MostOnAzurite = 100;

    /// <param name="few">
    /// Orchestrations at once on every provider. They are one request to the app, which has four minutes for it on Azurite as well.
    /// </param>
    /// <param name="many">Orchestrations at once on those that are fast enough.</param>
    /// <param name="events">Events whose way to the next activity is timed.</param>
    public static async Task<int> RunAsync(int few, int many, int events)
    {
        var folder = Directory.CreateTempSubdirectory("host-bench-").FullName;
        try
        {
            await MeasureAllAsync(folder, few, many, events);
            return 0;
        }
        catch (ProcessFailedException e)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, [$"FAILED: {e.Message}", .. e.LastLines]));
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAllAsync(string folder, int few, int many, int events)
    {
        var app = BenchmarkApp.Make(Path.Combine(folder, "app"));
        await using var guard = OrphanGuard.Start();
        await using var azurite = await AzuriteService.StartAsync(folder, guard, default);
        Task<Dictionary<int, double>> OnAsync(string provider, Dictionary<string, string> environment, int[] bursts, int timed)
        {
            var database = Path.Combine(folder, $"{provider}.db");
            return MeasureAsync(provider, () => RunningHost.StartAsync(app, database, environment, guard), bursts, timed);
        }

        var sqlite = await OnAsync("sqlite", [], [few, many], events);
        var memory = await OnAsync("memory", new() { [StorageType] = "memory" }, [few, many], events);
        var onAzurite = new Dictionary<string, string> { [StorageType] = "AzureStorage", ["TaskHubStorage"] = azurite.ConnectionString };
        var azure = await OnAsync("azurite", onAzurite, [few], Math.Min(events, MostOnAzurite));

        Report.Workload("ratios", "of the orchestrations per second of this run");
        Report.Figure($"SQLite to in memory, {many:N0} at once", sqlite[many] / memory[many] * 100, "%");
        Report.Figure($"SQLite to in memory, {few:N0} at once", sqlite[few] / memory[few] * 100, "%");
        Report.Figure($"SQLite to Azurite, {few:N0} at once", sqlite[few] / azure[few], "times");
    }

    private static async Task<Dictionary<int, double>> MeasureAsync(
        string provider, Func<Task<RunningHost>> start, int[] bursts, int events)
    {
        Report.Workload(provider, "five-step orchestrations and events, through host and worker");
        await using var host = await start();
        Report.Figure("host ready", host.Ready.TotalSeconds, "s");
        Report.Figure("first HTTP answer, from the start of the process", host.FirstAnswer.TotalSeconds, "s");
        Report.Figure("resident, host and worker, idle", await host.ResidentMegabytesAsync(), "MB");
        await host.PerSecondAsync(bursts[0]);

        var perSecond = new Dictionary<int, double>();
        foreach (var count in bursts)
        {
            var before = host.DatabaseBytes;
            perSecond[count] = await host.PerSecondAsync(count);
            Report.Figure($"{count:N0} at once", perSecond[count], "orchestrations per second");
            if (before > 0)
                Report.Figure($"{count:N0} at once, growth of the database", (host.DatabaseBytes - before) / (double)count, "bytes each");
        }

        var latencies = await host.LatenciesAsync(events);
        Report.Figure("event raised to next activity started, p50", latencies.P50, "ms");
        Report.Figure("event raised to next activity started, p99", latencies.P99, "ms");
        Report.Figure("resident, host and worker, in the end", await host.ResidentMegabytesAsync(), "MB");
        return perSecond;
    }
}
