using System.Globalization;
using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Machines;
using OmsWorkflows.Machines.Processes;
using OmsWorkflows.Soak.Processes;

namespace OmsWorkflows.Load.Machines;

/// <summary>
/// Azurite behind a proxy that counts, the OMS sandbox, and one or more hosts with the app, all on the same tables and, on Azurite, on the
/// same task hub.
/// </summary>
internal sealed class LoadMachine : IAsyncDisposable
{
    /// <summary>Real times: nothing of a run is meant to run out or to be asked for twice.</summary>
    private static readonly Dictionary<string, string> Sandbox = new()
    {
        ["Sandbox:RateLimit"] = "0",
        ["Sandbox:CodeLifetime"] = "01:00:00",
        ["Sandbox:EndorsementDelay"] = "00:00:01",
        ["Sandbox:ConversionDelay"] = "00:00:02",
    };

    /// <summary>Short, so that a run shows whether one that is none is made.</summary>
    public static readonly TimeSpan DeadLetterAfter = TimeSpan.FromMinutes(1);

    private readonly OrphanGuard _guard;
    private readonly List<AppService> _hosts = [];

    private LoadMachine(
        string folder,
        OrphanGuard guard,
        AzuriteService azurite,
        StorageMeter tables,
        StorageMeter taskHub,
        SandboxService sandbox,
        SandboxKey key)
    {
        Folder = folder;
        _guard = guard;
        Azurite = azurite;
        Tables = tables;
        TaskHub = taskHub;
        OmsService = sandbox;
        Oms = new OmsSimulator(sandbox.Url, key);
    }

    /// <summary>Logs, databases, keys and secrets of this run.</summary>
    public string Folder { get; }

    public AzuriteService Azurite { get; }

    /// <summary>Counts what the app asks of its tables.</summary>
    public StorageMeter Tables { get; }

    /// <summary>Counts what the engine asks of its task hub, if that is on Azurite.</summary>
    public StorageMeter TaskHub { get; }

    public OmsSimulator Oms { get; }

    /// <summary>The hosts; the first is where OMS delivers to.</summary>
    public IReadOnlyList<AppService> Hosts => _hosts;

    /// <summary>Keeps the folder, for whoever looks for a fault.</summary>
    public bool KeepFolder { get; set; }

    private SandboxService OmsService { get; }

    /// <summary>Starts all of it and registers the webhook.</summary>
    public static async Task<LoadMachine> StartAsync(LoadOptions options, Action<string> progress, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("oms-load-").FullName;
        var guard = OrphanGuard.Start();
        var key = SandboxKey.New();
        var azurite = await AzuriteService.StartAsync(folder, guard, cancellationToken, manyRows: true);
        var sandbox = await SandboxService.StartAsync(folder, key, Sandbox, guard, cancellationToken);
        var tables = await StorageMeter.StartAsync(azurite.ConnectionString, cancellationToken);
        var taskHub = await StorageMeter.StartAsync(azurite.ConnectionString, cancellationToken);
        var machine = new LoadMachine(folder, guard, azurite, tables, taskHub, sandbox, key);
        try
        {
            for (var host = 1; host <= options.Hosts; host++)
            {
                progress($"starting host {host} of {options.Hosts}");
                await machine.AddHostAsync(host, key, options, cancellationToken);
            }
            using var first = machine.Hosts[0].Open();
            await first.RegisterWebhookAsync(cancellationToken);
            return machine;
        }
        catch
        {
            machine.KeepFolder = true;
            await machine.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
            await host.DisposeAsync();
        Oms.Dispose();
        await OmsService.DisposeAsync();
        await Tables.DisposeAsync();
        await TaskHub.DisposeAsync();
        await Azurite.DisposeAsync();
        await _guard.DisposeAsync();
        if (!KeepFolder)
            Directory.Delete(Folder, recursive: true);
    }

    private async Task AddHostAsync(int number, SandboxKey key, LoadOptions options, CancellationToken cancellationToken)
    {
        var own = Directory.CreateDirectory(Path.Combine(Folder, $"host-{number}")).FullName;
        var settings = new Dictionary<string, string>
        {
            ["Tables:ConnectionString"] = Tables.ConnectionString,
            ["Secrets:File"] = Path.Combine(Folder, "secrets.json"),
            ["DataProtection:Directory"] = Path.Combine(Folder, "data-protection"),
            ["Webhooks:DeadLetterAfter"] = DeadLetterAfter.ToString("c", CultureInfo.InvariantCulture),
        };
        if (options.Store == Store.Azurite)
            settings["TaskHubStorage"] = TaskHub.ConnectionString;
        if (_hosts is [var first, ..])
            settings["Webhooks:PublicUrl"] = $"{first.Url}/api/webhooks/oms";
        var host = new AppService(own, OmsService.Url, key, Azurite, options.Store, settings, _guard)
        {
            OpenFiles = options.OpenFiles,
        };
        _hosts.Add(host);
        await host.StartAsync(cancellationToken);
        using var api = host.Open();
        await api.WaitUntilReadyAsync(cancellationToken);
    }
}
