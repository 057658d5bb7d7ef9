using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Machines.Processes;

namespace OmsWorkflows.Machines;

/// <summary>
/// The app under the local Functions host: two processes. Address, keys and data stay the same when they are killed and started again.
/// </summary>
internal sealed partial class AppService : IAsyncDisposable
{
    private const string GraceSeconds = "3";
    private readonly string _folder;
    private readonly Dictionary<string, string> _environment;
    private readonly OrphanGuard _guard;
    private readonly AppKeys _keys;
    private ChildProcess? _process;

    /// <param name="folder">Logs, database, keys and secrets.</param>
    /// <param name="sandboxUrl">Where OMS is.</param>
    /// <param name="key">Its API key.</param>
    /// <param name="azurite">Keeps the app's tables, and its orchestrations if <paramref name="store"/> says so.</param>
    /// <param name="store">What keeps orchestrations.</param>
    /// <param name="settings">More settings of the app.</param>
    /// <param name="guard">Ends it if this process cannot.</param>
    public AppService(
        string folder,
        string sandboxUrl,
        SandboxKey key,
        AzuriteService azurite,
        Store store,
        IReadOnlyDictionary<string, string> settings,
        OrphanGuard guard)
    {
        _folder = folder;
        _guard = guard;
        _keys = AppKeys.WriteTo(Path.Combine(folder, "keys.json"));
        Port = FreePort.Find();
        var all = new Dictionary<string, string>
        {
            ["Oms:BaseUrl"] = sandboxUrl,
            ["Oms:ApiKey"] = key.ApiKey,
            ["Oms:ApiSecret"] = key.ApiSecret,
            ["Tables:ConnectionString"] = azurite.ConnectionString,
            ["Secrets:File"] = Path.Combine(folder, "secrets.json"),
            ["DataProtection:Directory"] = Path.Combine(folder, "data-protection"),
            ["Webhooks:PublicUrl"] = $"{Url}/api/webhooks/oms",
        };
        if (store == Store.Azurite)
        {
            all["AzureFunctionsJobHost:extensions:durableTask:storageProvider:type"] = "AzureStorage";
            all["TaskHubStorage"] = azurite.ConnectionString;
        }

        foreach (var (name, value) in settings)
            all[name] = value;
        _environment = all.ToDictionary(
            setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
    }

    /// <summary>Its address.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Opens the functions of level Function.</summary>
    public string FunctionKey => _keys.Function;

    /// <summary>Opens everything.</summary>
    public string MasterKey => _keys.Master;

    /// <summary>How many files the host, and its worker, may open at a time; as many as this process when null.</summary>
    public int? OpenFiles { get; init; }

    /// <summary>Completes when the running process ends.</summary>
    public Task<int> Exited => Running.Exited;

    /// <summary>The running host's process; the worker is its child.</summary>
    public int ProcessId => Running.Id;

    private int Port { get; }

    private string LogFile => Path.Combine(_folder, "app.log");

    private ChildProcess Running => _process ?? throw new InvalidOperationException("The app is not running.");

    /// <summary>The app over HTTP, with the function key, and every role where it is told that callers are signed in.</summary>
    public AppApi Open()
    {
        var app = new AppApi(Url, FunctionKey);
        if (_environment.ContainsKey("Access__SignIn"))
            app.Http.DefaultRequestHeaders.Add(PlatformPrincipal.HeaderName, PlatformPrincipal.With("Caller", "Operator"));
        return app;
    }

    /// <summary>Runs one of the app's commands, with its settings, beside it; answers the exit code and what it said.</summary>
    public async Task<(int Code, string Output)> RunCommandAsync(params string[] command)
    {
        string[] arguments = [Path.Combine(Programs.App, "OmsWorkflows.Functions.dll"), .. command];
        var start = new ProcessStartInfo(Programs.Dotnet, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder,
        };
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The command could not be started.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, process.ExitCode == 0 ? output : await errors);
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string[] bound = OpenFiles is { } files ? ["sh", "-c", $"ulimit -n {files} && exec \"$@\"", "sh"] : [];
        string[] command =
        [
            .. bound, Programs.Dotnet, Programs.FunctionsHost, "--app", Programs.App, "--port", $"{Port}",
            "--database", Path.Combine(_folder, "durable.db"), "--keys", _keys.File, "--grace", GraceSeconds,
        ];
        _process = ChildProcess.Start("The app", command, _environment, LogFile, _guard);
        await _process.WaitForAsync("Now listening on: ", Limits.Wait, cancellationToken);
    }

    /// <summary>Ends host and worker as a crash would: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        await Running.KillAsync();
        await ForgetAsync();
    }

    /// <summary>Ends the host only; that the worker goes with it is the host's own affair.</summary>
    public async Task KillHostAsync()
    {
        await Running.KillAsync(withChildren: false);
        await ForgetAsync();
    }

    /// <summary>Ends the worker only; that another one starts is the host's affair.</summary>
    public void KillWorker()
    {
        try
        {
            using var worker = Process.GetProcessById(WorkerId());
            worker.Kill();
        }
        catch (ArgumentException)
        {
            // It has just ended by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } running)
            await running.DisposeAsync();
    }

    private async Task ForgetAsync()
    {
        await Running.DisposeAsync();
        _process = null;
    }

    /// <summary>The host logs each worker it starts.</summary>
    private int WorkerId()
    {
        using var stream = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return int.Parse(WorkerReady().Matches(reader.ReadToEnd())[^1].Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"Worker (\d+) is ready")]
    private static partial Regex WorkerReady();
}
