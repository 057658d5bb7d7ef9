using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Storage;

/// <summary>Creates the app's tables before it takes requests; an account that cannot be reached stops the start.</summary>
internal sealed class TableSetup(AppTables tables, ILogger<TableSetup> logger) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await tables.CreateAsync(cancellationToken);
        logger.TablesReady(tables.Inbox.AccountName);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
