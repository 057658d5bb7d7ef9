using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace OmsWorkflows.FunctionsHost.Tests.Processes;

/// <summary>The host as a process, with a folder of its own that stays when it is killed and started again.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private static readonly string Configuration = typeof(HostProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == nameof(Configuration)).Value!;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _pumping;

    private HostProcess(Process process, string folder)
    {
        _process = process;
        Folder = folder;
        _pumping = Task.WhenAll(PumpAsync(_process.StandardOutput), PumpAsync(_process.StandardError));
    }

    /// <summary>The sample app's build output.</summary>
    public static string SampleApp => App("Sample");

    /// <summary>Database, keys and what the functions leave.</summary>
    public string Folder { get; }

    public HttpClient Http { get; private set; } = null!;

    public string Url { get; private set; } = "";

    public int Port => new Uri(Url).Port;

    public IReadOnlyCollection<string> Output => _output;

    public string MasterKey => Keys["masterKey"]!.GetValue<string>();

    public string HostKey => Keys["hostKeys"]!["default"]!.GetValue<string>();

    public string SystemKey => Keys["systemKeys"]!["durabletask_extension"]!.GetValue<string>();

    private JsonNode Keys => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "keys.json")))!;

    public static string Repository => Ancestors().First(folder => File.Exists(Path.Combine(folder, "Workflows.sln")));

    private static string Program
        => Path.Combine(Repository, "local", "FunctionsHost", "bin", Configuration, "net10.0", "OmsWorkflows.Local.FunctionsHost.dll");

    /// <summary>The build output of an app under tests/Apps.</summary>
    public static string App(string name) => Path.Combine(Repository, "tests", "Apps", name, "bin", Configuration, "net10.0");

    public static string NewFolder() => Directory.CreateTempSubdirectory("functions-host-").FullName;

    /// <summary>Starts the host and waits until it listens.</summary>
    public static async Task<HostProcess> StartAsync(
        string? folder = null, string? app = null, Dictionary<string, string>? environment = null, params string[] arguments)
    {
        var host = Launch(folder ?? NewFolder(), app ?? SampleApp, environment, arguments);
        var first = await Task.WhenAny(host._listening.Task, host._pumping).WaitAsync(Until.Patience);
        if (first != host._listening.Task)
            throw new InvalidOperationException($"The host ended:\n{string.Join('\n', host._output)}");

        host.Url = (await host._listening.Task).ToString().TrimEnd('/');
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        host.Http = new HttpClient(handler) { BaseAddress = new Uri(host.Url), Timeout = Until.Patience };
        return host;
    }

    /// <summary>Starts the host expecting that it refuses; returns exit code and all it wrote.</summary>
    /// <param name="before">A shell's lines that set the machine up for this process alone: they may mount file systems.</param>
    public static async Task<(int ExitCode, IReadOnlyCollection<string> Output)> RefusedAsync(
        string? folder = null,
        string? app = null,
        Dictionary<string, string>? environment = null,
        string[]? arguments = null,
        string? before = null)
    {
        await using var host = Launch(folder ?? NewFolder(), app ?? SampleApp, environment, arguments ?? [], before);
        return (await host.ExitAsync(), host.Output);
    }

    /// <summary>The id of the worker's process, as the worker itself says.</summary>
    public async Task<int> WorkerIdAsync() => int.Parse(await Http.GetStringAsync("/v1/process"), null);

    public Task<HttpResponseMessage> GetAsync(string path, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        return Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string path, string body = "", string type = "text/plain")
        => Http.PostAsync(path, new StringContent(body, new MediaTypeHeaderValue(type)));

    /// <summary>Asks the host to stop; returns its exit code.</summary>
    public Task<int> StopAsync()
    {
        const int SigTerm = 15;
        _ = SendSignal(_process.Id, SigTerm);
        return ExitAsync();
    }

    /// <summary>Ends the host as a crash would.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await StopAsync();
        Http?.Dispose();
        _process.Dispose();
    }

    private static HostProcess Launch(
        string folder, string app, Dictionary<string, string>? environment, string[] arguments, string? before = null)
    {
        string[][] usual =
        [
            ["--app", app],
            ["--port", "0"],
            ["--database", Path.Combine(folder, "durable.db")],
            ["--keys", Path.Combine(folder, "keys.json")],
        ];
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] command = [dotnet, Program, .. usual.Where(set => !arguments.Contains(set[0])).SelectMany(set => set), .. arguments];
        if (before is not null)
            command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", $"{before}\nexec \"$@\"", "sh", .. command];

        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["TICK_SCHEDULE"] = "0 0 0 1 1 *";
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return new(Process.Start(start)!, folder);
    }

    private static IEnumerable<string> Ancestors()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return folder.FullName;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Until.Patience);
        await _pumping;
        return _process.ExitCode;
    }

    private async Task PumpAsync(StreamReader lines)
    {
        const string marker = "Now listening on: ";
        while (await lines.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
            if (line.StartsWith(marker, StringComparison.Ordinal))
                _listening.TrySetResult(new Uri(line[marker.Length..]));
        }
    }
}
