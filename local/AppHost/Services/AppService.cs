using System.Text.Json;
using OmsWorkflows.Local.AppHost.Processes;

namespace OmsWorkflows.Local.AppHost.Services;

/// <summary>The app in a process of its own. Its address, keys and data stay the same when it is killed and started again.</summary>
internal sealed class AppService : IAsyncDisposable
{
    private readonly string folder;
    private readonly Dictionary<string, string> environment;
    private readonly OrphanGuard guard;
    private ChildProcess? process;

    public AppService(string folder, string sandboxUrl, SandboxKey key, string tables, IReadOnlyDictionary<string, string> settings, OrphanGuard guard)
    {
        this.folder = folder;
        this.guard = guard;
        Url = $"http://127.0.0.1:{FreePort.Find()}";
        FunctionKey = $"{Guid.NewGuid():N}";
        MasterKey = $"{Guid.NewGuid():N}";
        var keys = Path.Combine(folder, "keys.json");
        File.WriteAllText(keys, JsonSerializer.Serialize(new Dictionary<string, string> { ["master"] = MasterKey, ["default"] = FunctionKey }));
        var all = new Dictionary<string, string>
        {
            ["Oms:BaseUrl"] = sandboxUrl,
            ["Oms:ApiKey"] = key.ApiKey,
            ["Oms:ApiSecret"] = key.ApiSecret,
            ["Tables:ConnectionString"] = tables,
            ["Secrets:File"] = Path.Combine(folder, "secrets.json"),
            ["DataProtection:Directory"] = Path.Combine(folder, "data-protection"),
            ["Webhooks:PublicUrl"] = $"{Url}/api/webhooks/oms",
            ["LocalRuntime:Urls"] = Url,
            ["LocalRuntime:Database"] = Path.Combine(folder, "durable.db"),
            ["LocalRuntime:KeysFile"] = keys,
        };
        foreach (var (name, value) in settings) all[name] = value;
        environment = all.ToDictionary(s => s.Key.Replace(":", "__", StringComparison.Ordinal), s => s.Value);
    }

    /// <summary>Its address.</summary>
    public string Url { get; }

    /// <summary>Opens the functions of level Function.</summary>
    public string FunctionKey { get; }

    /// <summary>Opens everything.</summary>
    public string MasterKey { get; }

    /// <summary>Completes when the running process ends.</summary>
    public Task<int> Exited => Running.Exited;

    private ChildProcess Running => process ?? throw new InvalidOperationException("The app is not running.");

    /// <summary>Starts it and waits until it listens.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        process = ChildProcess.Start("the app", [Programs.Dotnet, Programs.App], environment, Path.Combine(folder, "app.log"), guard);
        await process.WaitForAsync("Now listening on: ", TimeSpan.FromSeconds(60), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends it as a crash would: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        await Running.KillAsync().ConfigureAwait(false);
        await Running.DisposeAsync().ConfigureAwait(false);
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { } running) await running.DisposeAsync().ConfigureAwait(false);
    }
}
