using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Storage;

/// <summary>
/// Creates the app's tables before it takes requests. While their account cannot be reached the app runs on and says so in its readiness: a
/// process that ends would be started again, and end again. It goes on trying beside it.
/// </summary>
internal sealed class TableSetup(AppTables tables, TimeProvider clock, ILogger<TableSetup> logger) : BackgroundService,
    IHostedLifecycleService
{
    /// <summary>Between two tries; a try itself takes up to ten seconds when nobody answers.</summary>
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public async Task StartingAsync(CancellationToken cancellationToken) => await TryAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (!tables.Created && await timer.WaitForNextTickAsync(stoppingToken))
            await TryAsync(stoppingToken);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await tables.CreateAsync(cancellationToken);
            logger.TablesReady(tables.Inbox.AccountName);
        }
        // No network, no name, no token, no right yet: whatever it is, it may pass.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            logger.TablesUnreachable(tables.Inbox.AccountName, e);
        }
    }
}
