using DurableTask.Core;
using DurableTask.Sqlite.Dispatch;
using DurableTask.Sqlite.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DurableTask.Sqlite;

/// <summary>
/// Durable Task orchestrations in one SQLite file, for one process. A turn of an orchestration is stored as a whole (history, consumed
/// messages, activities, timers, messages, state), so nothing is lost and no turn takes effect twice, wherever the process ends.
/// </summary>
/// <remarks>
/// The file is opened at the first use and owned until the service is disposed of. <see cref="StopAsync()"/> only ends the handing out of
/// work: clients still read and write. After it, <see cref="StartAsync"/> takes everything that is not done as work again.
/// </remarks>
public sealed partial class SqliteOrchestrationService : IOrchestrationService, IDisposable
{
    private readonly SqliteOrchestrationServiceOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly bool _stamps;
    private readonly object _gate = new();
    private OpenStore? _store;
    private Retention? _retention;
    private bool _disposed;

    /// <summary>Creates the service; the file is not touched yet.</summary>
    public SqliteOrchestrationService(SqliteOrchestrationServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.DatabasePath);
        _options = options;
        _clock = options.Clock;
        _stamps = _clock != TimeProvider.System;
        _logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger("DurableTask.Sqlite");
    }

    /// <inheritdoc/>
    public int TaskOrchestrationDispatcherCount => 1;

    /// <inheritdoc/>
    public int MaxConcurrentTaskOrchestrationWorkItems => _options.MaxConcurrentOrchestrations;

    /// <inheritdoc/>
    public int TaskActivityDispatcherCount => 1;

    /// <inheritdoc/>
    public int MaxConcurrentTaskActivityWorkItems => _options.MaxConcurrentActivities;

    /// <summary>Events that were not consumed go on to the next generation of an orchestration that continues as new.</summary>
    public BehaviorOnContinueAsNew EventBehaviourForContinueAsNew => BehaviorOnContinueAsNew.Carryover;

    /// <summary>Whether nothing is ready, handed out or being written.</summary>
    internal bool IsIdle => Store.Board.IsIdle;

    /// <summary>When the next durable timer (or scheduled start) is due; <see langword="null"/> when there is none.</summary>
    internal DateTimeOffset? NextTimerAt => Store.Timers.Next is { } due ? new DateTimeOffset(due, TimeSpan.Zero) : null;

    /// <summary>How many clients wait for an instance to end.</summary>
    internal int Waiters => Store.Waiters.Count;

    /// <summary>Instances in memory.</summary>
    internal int InstancesInMemory => Store.Board.Slots;

    /// <summary>Completes when a test killed the service.</summary>
    internal Task Crashed => Store.Crashed;

    /// <summary>The file, opened at the first use.</summary>
    internal OpenStore Store
    {
        get
        {
            if (Volatile.Read(ref _store) is { } open)
                return open;

            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (_store is null)
                {
                    _store = new OpenStore(_options, e => _logger.StoreFailed(e));
                    _logger.Opened(_store.Path, Schema.CurrentVersion);
                }

                return _store;
            }
        }
    }

    /// <summary>
    /// Calls with the time of the next timer, if nothing but that timer or a client can make work. Asking <see cref="IsIdle"/> and
    /// <see cref="NextTimerAt"/> one after the other does not do: the timer may fire in between, and the time of the one after it is told.
    /// </summary>
    internal void WhenIdle(Action<DateTimeOffset> act) => Store.Timers.WhenIdle(next => act(new DateTimeOffset(next, TimeSpan.Zero)));

    /// <summary>Asks the gate of the test again.</summary>
    internal void Reconsider() => Store.Board.Pump();

    /// <summary>Opens the file and begins to hand out what is not done.</summary>
    /// <exception cref="SqliteStoreException">The file cannot be opened, is not the provider's, or is in use.</exception>
    public async Task StartAsync()
    {
        await Store.RecoverAsync().ConfigureAwait(false);
        if (_options.Retention is { } retention)
            _retention ??= new Retention(this, _clock, retention, _logger);
    }

    /// <inheritdoc/>
    public Task StopAsync() => StopAsync(isForced: false);

    /// <inheritdoc/>
    public Task StopAsync(bool isForced)
    {
        _retention?.Dispose();
        _retention = null;
        return Task.CompletedTask;
    }

    /// <summary>Opens the file and makes it if it is not there.</summary>
    public Task CreateAsync() => CreateIfNotExistsAsync();

    /// <summary>Opens the file; when asked to, empties it.</summary>
    public async Task CreateAsync(bool recreateInstanceStore)
    {
        await CreateIfNotExistsAsync().ConfigureAwait(false);
        if (recreateInstanceStore)
        {
            await Store.Writer.WriteAsync((db, _) => db.RemoveAll(), isAlone: true).ConfigureAwait(false);
            await Store.RecoverAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="CreateAsync()"/>
    public Task CreateIfNotExistsAsync()
    {
        _ = Store;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DeleteAsync() => DeleteAsync(deleteInstanceStore: true);

    /// <summary>Closes the file; when asked to, deletes it.</summary>
    public Task DeleteAsync(bool deleteInstanceStore)
    {
        var path = Store.Path;
        Dispose();
        if (deleteInstanceStore)
        {
            foreach (var suffix in new[] { string.Empty, "-wal", "-shm", ".lock" })
                File.Delete(path + suffix);
        }

        return Task.CompletedTask;
    }

    /// <summary>Closes the file. What was handed out and is not done is handed out again when the file is opened next.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;

            _disposed = true;
        }

        _retention?.Dispose();
        if (_store is { } store)
        {
            store.Dispose();
            _logger.Closed(store.Path);
        }
    }
}
