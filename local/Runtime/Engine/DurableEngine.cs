using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Local.Runtime.Engine.Dispatch;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Engine;

/// <summary>The engine as a hosted service: opens the database at start, gives it back at stop.</summary>
internal sealed class DurableEngine(EngineParts parts) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetainEvery = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger = parts.Loggers.CreateLogger("OmsWorkflows.Local.Runtime.Engine");
    private volatile EngineCore? _core;
    private int _stopping;
    private ITimer? _watchdog;
    private ITimer? _retention;

    /// <summary>The running engine.</summary>
    /// <exception cref="InvalidOperationException">It is not running.</exception>
    public EngineCore Core => _core ?? throw new InvalidOperationException("The durable engine is not running. Start the host first.");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_core is not null)
        {
            return Task.CompletedTask;
        }

        _core = new EngineCore(parts);
        _core.Recover();
        _watchdog = TimeProvider.System.CreateTimer(_ => _core?.ReportSlowTurns(), null, CheckEvery, CheckEvery);
        if (parts.Options.Retention is { } retention)
        {
            _retention = parts.Clock.CreateTimer(_ => _ = PurgeAsync(retention), null, RetainEvery, RetainEvery);
        }

        _logger.EngineStarted(parts.Options.DatabasePath, Schema.CurrentVersion);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_core is { } core && Interlocked.Exchange(ref _stopping, 1) == 0)
        {
            _watchdog?.Dispose();
            _retention?.Dispose();

            // Until its work has ended the engine answers: an activity that is finishing may use the client.
            await core.StopAsync(parts.Options.StopTimeout).ConfigureAwait(false);
            _core = null;
            core.Dispose();
            _logger.EngineStopped();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    /// <summary>Removes what ended longer ago than it is kept.</summary>
    internal async Task PurgeAsync(TimeSpan retention)
    {
        if (_core is not { } core)
        {
            return;
        }

        try
        {
            var until = parts.Clock.GetUtcNow() - retention;
            for (var count = 1; count > 0;)
            {
                var ended = core.Reader.QueryEnded(null, null, until, (-1, 0), OrchestrationQuery.DefaultPageSize);
                count = await core.WriteAsync(new PurgeInstances([.. ended.Select(row => row.Key)], false, core.Removed), CancellationToken.None)
                    .ConfigureAwait(false);
                if (count > 0)
                {
                    _logger.RetentionPurged(count);
                }
            }
        }
        catch (Exception e) when (e is StoreException or ObjectDisposedException)
        {
            _logger.ReadFailed(e);
        }
    }
}
