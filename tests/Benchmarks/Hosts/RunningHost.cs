using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using OmsWorkflows.Local.AppHost;

namespace OmsWorkflows.Benchmarks.Hosts;

/// <summary>The local host with the app, started for one provider.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private const string Marker = "Now listening on: ";

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly string _database;

    private RunningHost(Process process, HttpClient http, string database)
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

    public static async Task<RunningHost> StartAsync(string app, string database, Dictionary<string, string> environment)
    {
        string[] command =
            [Programs.FunctionsHost, "--app", app, "--port", "0", "--database", database, "--keys", $"{database}.keys.json"];
        var start = new ProcessStartInfo(Programs.Dotnet, command) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["TICK_SCHEDULE"] = "0 0 0 1 1 *";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        var watch = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The host ended.");
        }
        while (!line.StartsWith(Marker, StringComparison.Ordinal));
        var ready = watch.Elapsed;
        _ = process.StandardOutput.ReadToEndAsync();
        var http = new HttpClient { BaseAddress = new Uri($"{line[Marker.Length..]}/v1/"), Timeout = TimeSpan.FromMinutes(5) };
        await http.GetStringAsync("open");
        return new(process, http, database) { Ready = ready, FirstAnswer = watch.Elapsed };
    }

    public async Task<string> PostAsync(string path)
    {
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), null);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    public async Task<Percentiles> LatenciesAsync(int events)
    {
        using var answer = await _http.PostAsync(new Uri($"latencies/{events}", UriKind.Relative), null);
        var times = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<double[]>();
        // The first tenth warms up.
        return new Percentiles(times!.Skip(events / 10));
    }

    public double ResidentMegabytes()
    {
        _process.Refresh();
        using var worker = Process.GetProcessById(
            int.Parse(_http.GetStringAsync("process").GetAwaiter().GetResult(), CultureInfo.InvariantCulture));
        return (_process.WorkingSet64 + worker.WorkingSet64) / 1024.0 / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
