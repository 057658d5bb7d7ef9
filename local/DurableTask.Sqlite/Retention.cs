using Microsoft.Extensions.Logging;

namespace DurableTask.Sqlite;

/// <summary>Purges ended instances when they have been kept long enough.</summary>
internal sealed class Retention : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly SqliteOrchestrationService _service;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _keep;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private int _running;

    public Retention(SqliteOrchestrationService service, TimeProvider clock, TimeSpan keep, ILogger logger)
    {
        (_service, _clock, _keep, _logger) = (service, clock, keep, logger);
        _timer = clock.CreateTimer(_ => _ = PurgeAsync(), null, Every, Every);
    }

    public void Dispose() => _timer.Dispose();

    private async Task PurgeAsync()
    {
        if (Interlocked.Exchange(ref _running, 1) == 1)
            return;

        try
        {
            var purged = await _service.PurgeEndedBeforeAsync((_clock.GetUtcNow() - _keep).UtcDateTime).ConfigureAwait(false);
            if (purged.DeletedInstanceCount > 0)
                _logger.RetentionPurged(purged.DeletedInstanceCount);
        }
        catch (Exception e) when (e is SqliteStoreException or ObjectDisposedException)
        {
            // The next pass makes up for it.
            _logger.StoreFailed(e);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }
}
