using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Machines.Processes;

namespace OmsWorkflows.Machines;

/// <summary>Azurite on free ports, in memory.</summary>
internal sealed class AzuriteService : IAsyncDisposable
{
    /// <summary>The emulator's account and key, which are published and the same everywhere.</summary>
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly ChildProcess _process;

    private AzuriteService(ChildProcess process, string blobs, string queues, string tables)
    {
        _process = process;
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
            + $"BlobEndpoint={blobs}/{Account};QueueEndpoint={queues}/{Account};TableEndpoint={tables}/{Account};";
    }

    /// <summary>Opens tables, queues and blobs.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts it.</summary>
    /// <param name="folder">Where its log goes.</param>
    /// <param name="guard">Ends it with this process.</param>
    /// <param name="cancellationToken">Stops waiting for it.</param>
    /// <param name="manyRows">It is to hold so many that going through them for each look-up would be all it does.</param>
    public static async Task<AzuriteService> StartAsync(
        string folder, OrphanGuard guard, CancellationToken cancellationToken, bool manyRows = false)
    {
        string[] faster = manyRows
            ? ["--require", Path.Combine(Programs.Repository, "tests", "Machines", "azurite-with-many-rows.js")]
            : [];
        string[] command =
        [
            "node", .. faster, Path.Combine(Programs.Repository, "node_modules", "azurite", "dist", "src", "azurite.js"),
            "--blobPort", "0", "--queuePort", "0", "--tablePort", "0",
            "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
        ];
        var process = ChildProcess.Start("Azurite", command, new Dictionary<string, string>(), Path.Combine(folder, "azurite.log"), guard);
        try
        {
            // They start in this order.
            var blobs = await ListeningAsync(process, "Blob", cancellationToken);
            var queues = await ListeningAsync(process, "Queue", cancellationToken);
            var tables = await ListeningAsync(process, "Table", cancellationToken);
            return new AzuriteService(process, blobs, queues, tables);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it: from now on it does not answer, and what it held is gone.</summary>
    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static Task<string> ListeningAsync(ChildProcess process, string service, CancellationToken cancellationToken)
        => process.WaitForAsync($"Azurite {service} service is successfully listening at ", Limits.Wait, cancellationToken);
}
