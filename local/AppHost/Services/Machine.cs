using OmsWorkflows.Local.AppHost.Processes;

namespace OmsWorkflows.Local.AppHost.Services;

/// <summary>Everything a cash-in needs, on this machine: Azurite, the OMS sandbox and the app, in a folder that goes when they do.</summary>
internal sealed class Machine : IAsyncDisposable
{
    private readonly OrphanGuard guard;

    private Machine(string folder, string apiVersion, OrphanGuard guard)
    {
        Folder = folder;
        ApiVersion = apiVersion;
        this.guard = guard;
    }

    /// <summary>Logs, database, keys and secrets of this run.</summary>
    public string Folder { get; }

    /// <summary>The version of OMS's API that is played and called.</summary>
    public string ApiVersion { get; }

    public AzuriteService Azurite { get; private set; } = null!;

    public SandboxService Sandbox { get; private set; } = null!;

    public AppService App { get; private set; } = null!;

    public SandboxKey Key { get; } = SandboxKey.New();

    /// <summary>Keeps the folder, for whoever looks for a fault.</summary>
    public bool KeepFolder { get; set; }

    /// <summary>Starts all of it and registers the webhook, as an operator would: through the app's own API.</summary>
    public static async Task<Machine> StartAsync(MachineSettings settings, Action<string> progress, CancellationToken cancellationToken)
    {
        await NodePackages.EnsureAsync(progress, cancellationToken).ConfigureAwait(false);
        var machine = new Machine(Directory.CreateTempSubdirectory("oms-workflows-").FullName, settings.ApiVersion, OrphanGuard.Start());
        try
        {
            progress("starting Azurite and the OMS sandbox");
            var azurite = AzuriteService.StartAsync(machine.Folder, machine.guard, cancellationToken);
            var sandbox = SandboxService.StartAsync(machine.Folder, machine.Key, settings.SandboxWithVersion, machine.guard, cancellationToken);
            await Task.WhenAll(Keep(azurite, a => machine.Azurite = a), Keep(sandbox, s => machine.Sandbox = s)).ConfigureAwait(false);

            progress("starting the app");
            machine.App = new AppService(machine.Folder, machine.Sandbox.Url, machine.Key, machine.Azurite, settings.Store, settings.AppWithVersion, machine.guard);
            await machine.App.StartAsync(cancellationToken).ConfigureAwait(false);
            using var api = new AppApi(machine.App);
            await api.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
            if (settings.RegisterWebhook)
            {
                progress("registering the webhook");
                await api.RegisterWebhookAsync(cancellationToken).ConfigureAwait(false);
            }
            return machine;
        }
        catch
        {
            await machine.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Fails when one of the three ends by itself.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        var ends = new[] { Azurite.Exited, Sandbox.Exited, App.Exited };
        string[] names = ["Azurite", "The OMS sandbox", "The app"];
        var first = await Task.WhenAny(ends).WaitAsync(cancellationToken).ConfigureAwait(false);
        throw new ProcessFailedException($"{names[Array.IndexOf(ends, first)]} ended unexpectedly with exit code {await first.ConfigureAwait(false)}.", []);
    }

    public async ValueTask DisposeAsync()
    {
        if (App is not null) await App.DisposeAsync().ConfigureAwait(false);
        if (Sandbox is not null) await Sandbox.DisposeAsync().ConfigureAwait(false);
        if (Azurite is not null) await Azurite.DisposeAsync().ConfigureAwait(false);
        await guard.DisposeAsync().ConfigureAwait(false);
        if (!KeepFolder) Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Notes a service as soon as it runs, so that it is stopped even if the other one fails to start.</summary>
    private static async Task Keep<T>(Task<T> start, Action<T> keep) => keep(await start.ConfigureAwait(false));
}

/// <summary>How a machine differs from the defaults.</summary>
internal sealed record MachineSettings
{
    /// <summary>Settings of the sandbox, such as <c>Sandbox:CodeLifetime</c>.</summary>
    public IReadOnlyDictionary<string, string> Sandbox { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings of the app.</summary>
    public IReadOnlyDictionary<string, string> App { get; init; } = new Dictionary<string, string>();

    /// <summary>The version of OMS's API that the sandbox plays and the app calls.</summary>
    public string ApiVersion { get; init; } = "v0.9";

    /// <summary>What keeps orchestrations.</summary>
    public Store Store { get; init; }

    /// <summary>Whether deliveries are asked for; without, polling has to find everything out.</summary>
    public bool RegisterWebhook { get; init; } = true;

    internal IReadOnlyDictionary<string, string> SandboxWithVersion
        => new Dictionary<string, string>(Sandbox) { ["Sandbox:ApiVersion"] = ApiVersion };

    internal IReadOnlyDictionary<string, string> AppWithVersion => new Dictionary<string, string>(App) { ["Oms:ApiVersion"] = ApiVersion };
}
