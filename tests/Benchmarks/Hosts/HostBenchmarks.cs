using System.Globalization;
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
    private const int Many = 2_000;
    private const int Few = 200;

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("host-bench-").FullName;
        using var app = new BenchmarkApp(Path.Combine(folder, "app"));
        await using var guard = OrphanGuard.Start();
        await using var azurite = await AzuriteService.StartAsync(folder, guard, default);
        var sqlite = await MeasureAsync("sqlite", app, folder, [], [Few, Many], events: 2_000);
        var memory = await MeasureAsync("memory", app, folder, new() { [StorageType] = "memory" }, [Few, Many], events: 2_000);
        var azure = await MeasureAsync(
            "azurite",
            app,
            folder,
            new() { [StorageType] = "AzureStorage", ["TaskHubStorage"] = azurite.ConnectionString },
            [Few],
            events: 100);

        Report.Workload("ratios", "of the orchestrations per second of this run");
        Report.Figure($"SQLite to in memory, {Many:N0} at once", sqlite[Many] / memory[Many] * 100, "%");
        Report.Figure($"SQLite to in memory, {Few:N0} at once", sqlite[Few] / memory[Few] * 100, "%");
        Report.Figure($"SQLite to Azurite, {Few:N0} at once", sqlite[Few] / azure[Few], "times");
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task<Dictionary<int, double>> MeasureAsync(
        string provider, BenchmarkApp app, string folder, Dictionary<string, string> environment, int[] bursts, int events)
    {
        Report.Workload(provider, "five-step orchestrations and events, through host and worker");
        await using var host = await RunningHost.StartAsync(app.Folder, Path.Combine(folder, $"{provider}.db"), environment);
        Report.Figure("host ready", host.Ready.TotalSeconds, "s");
        Report.Figure("first HTTP answer, from the start of the process", host.FirstAnswer.TotalSeconds, "s");
        Report.Figure("resident, host and worker, idle", host.ResidentMegabytes(), "MB");
        await host.PostAsync($"bursts/{Few}");

        var perSecond = new Dictionary<int, double>();
        foreach (var count in bursts)
        {
            var before = host.DatabaseBytes;
            perSecond[count] = count / double.Parse(await host.PostAsync($"bursts/{count}"), CultureInfo.InvariantCulture);
            Report.Figure($"{count:N0} at once", perSecond[count], "orchestrations per second");
            if (before > 0)
                Report.Figure($"{count:N0} at once, growth of the database", (host.DatabaseBytes - before) / (double)count, "bytes each");
        }

        var latencies = await host.LatenciesAsync(events);
        Report.Figure("event raised to next activity started, p50", latencies.P50, "ms");
        Report.Figure("event raised to next activity started, p99", latencies.P99, "ms");
        Report.Figure("resident, host and worker, in the end", host.ResidentMegabytes(), "MB");
        return perSecond;
    }
}
