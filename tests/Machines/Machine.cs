using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Machines.Processes;

namespace OmsWorkflows.Machines;

/// <summary>
/// Everything a cash-in needs, as processes of our own that a test can kill, hold still and weigh: Azurite, the OMS sandbox and the app, in
/// a folder that goes when they do. Whoever only wants them up has local/AppHost.
/// </summary>
internal sealed class Machine : IAsyncDisposable
{
    private readonly OrphanGuard _guard;
    private AzuriteService? _azurite;
    private SandboxService? _sandbox;
    private AppService? _app;

    private Machine(string folder, string apiVersion, OrphanGuard guard)
    {
        Folder = folder;
        ApiVersion = apiVersion;
        _guard = guard;
    }

    /// <summary>Logs, database, keys and secrets of this run.</summary>
    public string Folder { get; }

    /// <summary>The version of OMS's API that is played and called.</summary>
    public string ApiVersion { get; }

    public AzuriteService Azurite => _azurite ?? throw NotStarted();

    public SandboxService Sandbox => _sandbox ?? throw NotStarted();

    public AppService App => _app ?? throw NotStarted();

    public SandboxKey Key { get; } = SandboxKey.New();

    /// <summary>Keeps the folder, for whoever looks for a fault.</summary>
    public bool KeepFolder { get; set; }

    /// <summary>Starts all of it and registers the webhook, as an operator would: through the app's own API.</summary>
    public static async Task<Machine> StartAsync(MachineSettings settings, Action<string> progress, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("oms-workflows-").FullName;
        var machine = new Machine(folder, settings.ApiVersion, OrphanGuard.Start());
        try
        {
            progress("starting Azurite and the OMS sandbox");
            await Task.WhenAll(
                machine.StartAzuriteAsync(cancellationToken), machine.StartSandboxAsync(settings.SandboxWithVersion, cancellationToken));
            progress("starting the app");
            await machine.StartAppAsync(settings, progress, cancellationToken);
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_sandbox is not null)
            await _sandbox.DisposeAsync();
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        await _guard.DisposeAsync();
        if (!KeepFolder)
            Directory.Delete(Folder, recursive: true);
    }

    private async Task StartAzuriteAsync(CancellationToken cancellationToken)
        => _azurite = await AzuriteService.StartAsync(Folder, _guard, cancellationToken);

    private async Task StartSandboxAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
        => _sandbox = await SandboxService.StartAsync(Folder, Key, settings, _guard, cancellationToken);

    private async Task StartAppAsync(MachineSettings settings, Action<string> progress, CancellationToken cancellationToken)
    {
        _app = new AppService(Folder, Sandbox.Url, Key, Azurite, settings.Store, settings.AppWithVersion, _guard);
        await _app.StartAsync(cancellationToken);
        using var api = _app.Open();
        await api.WaitUntilReadyAsync(cancellationToken);
        if (!settings.RegisterWebhook)
            return;
        progress("registering the webhook");
        await api.RegisterWebhookAsync(cancellationToken);
    }

    private static InvalidOperationException NotStarted() => new("The machine has not started.");
}
