using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Machines.Processes;

namespace OmsWorkflows.Benchmarks.Hosts;

/// <summary>The local host with the app, started for one provider.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private readonly ChildProcess _process;
    private readonly HttpClient _http;
    private readonly string _database;

    private RunningHost(ChildProcess process, HttpClient http, string database)
    {
        _process = process;
        _http = http;
        _database = database;
    }

    public TimeSpan Ready { get; private init; }

    public TimeSpan FirstAnswer { get; private init; }

    /// <summary>What the orchestrations take on disk; 0 with a provider that has no such file.</summary>
    public long DatabaseBytes => new FileInfo(_database) is { Exists: true } file
        ? file.Length + (new FileInfo(_database + "-wal") is { Exists: true } log ? log.Length : 0)
        : 0;

    public static async Task<RunningHost> StartAsync(
        string app, string database, IReadOnlyDictionary<string, string> environment, OrphanGuard guard)
    {
        string[] command =
        [
            Programs.Dotnet, Programs.FunctionsHost, "--app", app, "--port", "0", "--database", database,
            "--keys", $"{database}.keys.json",
        ];
        var settings = new Dictionary<string, string>(environment) { ["TICK_SCHEDULE"] = "0 0 0 1 1 *" };
        var watch = Stopwatch.StartNew();
        var process = ChildProcess.Start("The host", command, settings, $"{database}.log", guard);
        var address = await process.WaitForAsync("Now listening on: ", StartLimit, default);
        var ready = watch.Elapsed;
        var http = new HttpClient { BaseAddress = new Uri($"{address}/v1/"), Timeout = TimeSpan.FromMinutes(5) };
        await http.GetStringAsync("open");
        return new(process, http, database) { Ready = ready, FirstAnswer = watch.Elapsed };
    }

    /// <summary>Asks for a measurement.</summary>
    /// <exception cref="ProcessFailedException">It was not made; the host's last words tell why.</exception>
    public async Task<HttpContent> PostAsync(string path)
    {
        var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), null);
        return answer.IsSuccessStatusCode ? answer.Content : throw _process.Failure($"answered {(int)answer.StatusCode} to {path}");
    }

    /// <summary>Runs so many orchestrations at once; gives how many of them ended in a second.</summary>
    public async Task<double> PerSecondAsync(int count)
    {
        using var seconds = await PostAsync($"bursts/{count}");
        return count / double.Parse(await seconds.ReadAsStringAsync(), CultureInfo.InvariantCulture);
    }

    public async Task<Percentiles> LatenciesAsync(int events)
    {
        using var answer = await PostAsync($"latencies/{events}");
        var times = await answer.ReadFromJsonAsync<double[]>();
        // The first tenth warms up.
        return new Percentiles(times!.Skip(events / 10));
    }

    public async Task<double> ResidentMegabytesAsync()
    {
        using var host = Process.GetProcessById(_process.Id);
        using var worker = Process.GetProcessById(int.Parse(await _http.GetStringAsync("process"), CultureInfo.InvariantCulture));
        return (host.WorkingSet64 + worker.WorkingSet64) / 1024.0 / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.KillAsync();
        await _process.DisposeAsync();
    }
}
