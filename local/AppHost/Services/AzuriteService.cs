using OmsWorkflows.Local.AppHost.Processes;

namespace OmsWorkflows.Local.AppHost.Services;

/// <summary>Azurite on free ports, in memory.</summary>
internal sealed class AzuriteService : IAsyncDisposable
{
    /// <summary>The emulator's account and key, which are published and the same everywhere.</summary>
    private const string Account = "AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly ChildProcess process;

    private AzuriteService(ChildProcess process, string blobs, string queues, string tables)
    {
        this.process = process;
        ConnectionString = $"DefaultEndpointsProtocol=http;{Account};BlobEndpoint={blobs}/devstoreaccount1;QueueEndpoint={queues}/devstoreaccount1;TableEndpoint={tables}/devstoreaccount1;";
    }

    /// <summary>Opens tables, queues and blobs.</summary>
    public string ConnectionString { get; }

    public Task<int> Exited => process.Exited;

    public static async Task<AzuriteService> StartAsync(string folder, OrphanGuard guard, CancellationToken cancellationToken)
    {
        string[] command = ["node", NodePackages.Azurite, "--blobPort", "0", "--queuePort", "0", "--tablePort", "0", "--inMemoryPersistence",
            "--skipApiVersionCheck", "--disableTelemetry", "--silent"];
        var process = ChildProcess.Start("Azurite", command, new Dictionary<string, string>(), Path.Combine(folder, "azurite.log"), guard);
        try
        {
            // They start in this order.
            var blobs = await ListeningAsync(process, "Blob", cancellationToken).ConfigureAwait(false);
            var queues = await ListeningAsync(process, "Queue", cancellationToken).ConfigureAwait(false);
            var tables = await ListeningAsync(process, "Table", cancellationToken).ConfigureAwait(false);
            return new AzuriteService(process, blobs, queues, tables);
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static Task<string> ListeningAsync(ChildProcess process, string service, CancellationToken cancellationToken) =>
        process.WaitForAsync($"Azurite {service} service is successfully listening at ", TimeSpan.FromSeconds(60), cancellationToken);

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
