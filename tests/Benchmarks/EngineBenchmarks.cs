namespace OmsWorkflows.Benchmarks;

/// <summary>
/// The workloads of the engine, each printed with its figures and, where it commits, beside the raw-SQLite ceiling of the same run.
/// </summary>
internal static class EngineBenchmarks
{
    private static readonly Dictionary<string, Func<Task>> Workloads = new(StringComparer.Ordinal)
    {
        ["ceiling"] = Ceiling,
        ["sequential"] = ThroughputBenchmarks.SequentialAsync,
        ["fan-out"] = ThroughputBenchmarks.FanOutAsync,
        ["latency"] = LatencyBenchmarks.RunAsync,
        ["waiting"] = WaitingBenchmarks.RunAsync,
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

    private static Task Ceiling()
    {
        Report.Workload("ceiling", "raw SQLite with the engine's pragmas (WAL, synchronous=FULL), rows of 300 bytes");
        foreach (var rows in (int[])[1, 10, 100])
        {
            var commit = RawSqlite.CommitMilliseconds(rows);
            Report.Figure($"{rows} row(s) per commit", 1_000 / commit.Mean, "commits/s");
            Report.Figure($"{rows} row(s) per commit, one commit, p50", commit.P50, "ms");
            Report.Figure($"{rows} row(s) per commit, one commit, p99", commit.P99, "ms");
        }

        return Task.CompletedTask;
    }
}
