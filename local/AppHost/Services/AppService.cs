using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using OmsWorkflows.Local.AppHost.Processes;

namespace OmsWorkflows.Local.AppHost.Services;

/// <summary>The app under the local Functions host: two processes. Address, keys and data stay the same when they are killed and started again.</summary>
internal sealed partial class AppService : IAsyncDisposable
{
    private const int GraceSeconds = 3;

    private readonly string folder;
    private readonly Dictionary<string, string> environment;
    private readonly OrphanGuard guard;
    private ChildProcess? process;

    /// <param name="folder">Logs, database, keys and secrets.</param>
    /// <param name="sandboxUrl">Where OMS is.</param>
    /// <param name="key">Its API key.</param>
    /// <param name="azurite">Keeps the app's tables, and its orchestrations if <paramref name="store"/> says so.</param>
    /// <param name="store">What keeps orchestrations.</param>
    /// <param name="settings">More settings of the app.</param>
    /// <param name="guard">Ends it if this process cannot.</param>
    public AppService(string folder, string sandboxUrl, SandboxKey key, AzuriteService azurite, Store store, IReadOnlyDictionary<string, string> settings, OrphanGuard guard)
    {
        this.folder = folder;
        this.guard = guard;
        Port = FreePort.Find();
        FunctionKey = $"{Guid.NewGuid():N}";
        MasterKey = $"{Guid.NewGuid():N}";
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
        foreach (var (name, value) in settings) all[name] = value;
        environment = all.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value);
        WriteKeys();
    }

    /// <summary>Its address.</summary>
    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Opens the functions of level Function.</summary>
    public string FunctionKey { get; }

    /// <summary>Opens everything.</summary>
    public string MasterKey { get; }

    /// <summary>Completes when the running process ends.</summary>
    public Task<int> Exited => Running.Exited;

    /// <summary>The running host's process; the worker is its child.</summary>
    public int ProcessId => Running.Id;

    private int Port { get; }

    private string KeysFile => Path.Combine(folder, "keys.json");

    private string LogFile => Path.Combine(folder, "app.log");

    private ChildProcess Running => process ?? throw new InvalidOperationException("The app is not running.");

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string[] command =
        [
            Programs.Dotnet, Programs.FunctionsHost, "--app", Programs.App, "--port", $"{Port}", "--database", Path.Combine(folder, "durable.db"), "--keys", KeysFile,
            "--grace", $"{GraceSeconds}",
        ];
        process = ChildProcess.Start("the app", command, environment, LogFile, guard);
        await process.WaitForAsync("Now listening on: ", TimeSpan.FromSeconds(60), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends host and worker as a crash would: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        await Running.KillAsync().ConfigureAwait(false);
        await ForgetAsync().ConfigureAwait(false);
    }

    /// <summary>Ends the host only; that the worker goes with it is the host's own affair.</summary>
    public async Task KillHostAsync()
    {
        await Running.KillAsync(withChildren: false).ConfigureAwait(false);
        await ForgetAsync().ConfigureAwait(false);
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
        if (process is { } running) await running.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ForgetAsync()
    {
        await Running.DisposeAsync().ConfigureAwait(false);
        process = null;
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

    private void WriteKeys()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(KeysFile, options);
        JsonSerializer.Serialize(file, new { masterKey = MasterKey, hostKeys = new { @default = FunctionKey } });
    }
}
