using System.Diagnostics;
using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Benchmarks;

/// <summary>
/// Instances that wait on disk: what starting up over them takes, and what they cost the others. The engine that starts up is a process of
/// its own, so that its time and its memory are those of a cold start.
/// </summary>
internal static class WaitingBenchmarks
{
    private const int Many = 100_000;
    private const int Few = 1_000;
    private const int Answers = 500;

    public static async Task RunAsync()
    {
        var few = await MeasureAsync(Few);
        var many = await MeasureAsync(Many);
        Report.Workload("waiting", $"what {Many:N0} waiting instances add, against {Few:N0}");
        Report.Figure("per event, event raised to orchestration ended, p50", many.P50 - few.P50, "ms");
        Report.Figure("per event, event raised to orchestration ended, mean", many.Mean - few.Mean, "ms");
    }

    /// <summary>The process that starts up over a database: prints its figures.</summary>
    public static async Task<int> StartUpAsync(string directory, int instances)
    {
        var clock = Stopwatch.StartNew();
        await using var engine = await new BenchmarkEngine(Tasks, directory: directory).StartAsync();
        var startUp = clock.Elapsed.TotalSeconds;
        using var self = Process.GetCurrentProcess();
        Report.Figure("start-up of the engine", startUp, "s");
        Report.Figure("start-up, from the start of the process", (DateTime.Now - self.StartTime).TotalSeconds, "s");
        Report.Figure("resident after start-up", Environment.WorkingSet / 1024.0 / 1024, "MB");

        var first = await AnswerAsync(engine.Client, 0);
        var times = new double[Answers];
        for (var i = 0; i < Answers; i++)
        {
            times[i] = await AnswerAsync(engine.Client, (i + 1) * (instances / (Answers + 1)));
        }

        var ceiling = RawSqlite.CommitMilliseconds(1);
        var answers = new Percentiles(times);
        Report.Figure("first event raised to its orchestration ended", first, "ms");
        Report.Figure($"the next {Answers} one by one, each of an instance read from disk, mean", answers.Mean, "ms");
        Report.Figure("the same, p50", answers.P50, "ms");
        Report.Figure("the same, p99", answers.P99, "ms");
        Report.Figure("two commits as a share of that mean, raw SQLite", 2 * ceiling.Mean / answers.Mean * 100, "%");
        Report.Figure("resident in the end", Environment.WorkingSet / 1024.0 / 1024, "MB");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"result {answers.P50} {answers.Mean}"));
        return 0;
    }

    private static void Tasks(DurableTaskRegistry tasks) => tasks.AddOrchestratorFunc<int>("wait", async context =>
    {
        using var timer = new CancellationTokenSource();
        var expiry = context.CreateTimer(TimeSpan.FromHours(10), timer.Token);
        var paid = context.WaitForExternalEvent<int>("paid");
        await Task.WhenAny(expiry, paid);
        timer.Cancel();
        return await paid;
    });

    private static async Task<(double P50, double Mean)> MeasureAsync(int instances)
    {
        Report.Workload("waiting", $"{instances:N0} instances, each at a ten-hour timer against an event");
        await using var engine = await new BenchmarkEngine(Tasks).StartAsync();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, instances).Select(i => engine.Client.ScheduleNewOrchestrationInstanceAsync(
            "wait", null, new StartOrchestrationOptions($"w{i}"))));
        Report.Figure("all started at once: accepted after", watch.Elapsed.TotalSeconds, "s");
        for (var i = 0; i < instances; i++)
        {
            await engine.Client.WaitForInstanceStartAsync($"w{i}");
        }

        Report.Figure("all started at once: waiting after", watch.Elapsed.TotalSeconds, "s");
        Report.Figure("all started at once: resident, clients included", Environment.WorkingSet / 1024.0 / 1024, "MB");
        await engine.StopAsync();
        Report.Figure("database per waiting instance", new FileInfo(engine.DatabasePath).Length / (double)instances, "bytes");
        return await StartUpElsewhereAsync(Path.GetDirectoryName(engine.DatabasePath)!, instances);
    }

    private static async Task<(double P50, double Mean)> StartUpElsewhereAsync(string directory, int instances)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            ["exec", typeof(WaitingBenchmarks).Assembly.Location, "start-up", directory, instances.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!;
        string[]? result = null;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("result ", StringComparison.Ordinal))
            {
                result = line.Split(' ');
            }
            else
            {
                Console.WriteLine(line);
            }
        }

        await process.WaitForExitAsync();
        return result is null
            ? throw new InvalidOperationException($"The process that started up ended with code {process.ExitCode}.")
            : (double.Parse(result[1], CultureInfo.InvariantCulture), double.Parse(result[2], CultureInfo.InvariantCulture));
    }

    private static async Task<double> AnswerAsync(DurableTaskClient client, int instance)
    {
        var start = Stopwatch.GetTimestamp();
        await client.RaiseEventAsync($"w{instance}", "paid", instance);
        await client.WaitForInstanceCompletionAsync($"w{instance}");
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
