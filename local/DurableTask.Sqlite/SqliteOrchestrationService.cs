using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Sqlite.Dispatch;
using DurableTask.Sqlite.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DurableTask.Sqlite;

/// <summary>
/// Durable Task orchestrations in one SQLite file, for one process. A turn of an orchestration is stored as a whole (history, consumed messages,
/// activities, timers, messages, state), so nothing is lost and no turn takes effect twice, wherever the process ends.
/// </summary>
/// <remarks>
/// The file is opened at the first use and owned until the service is disposed of. <see cref="StopAsync()"/> only ends the handing out of work:
/// clients still read and write. After it, <see cref="StartAsync"/> takes everything that is not done as work again.
/// </remarks>
public sealed partial class SqliteOrchestrationService : IOrchestrationService, IDisposable, IAsyncDisposable
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

    internal string Describe() => Store.Board.Describe() + " pending " + Store.Writer.Pending;

    /// <summary>Completes when a test killed the service.</summary>
    internal Task Crashed => Store.Crashed;

    private OpenStore Store
    {
        get
        {
            if (Volatile.Read(ref _store) is { } open)
            {
                return open;
            }

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

    /// <summary>Asks the gate of the test again.</summary>
    internal void Reconsider() => Store.Board.Pump();

    /// <summary>Opens the file and begins to hand out what is not done.</summary>
    /// <exception cref="SqliteStoreException">The file cannot be opened, is not the provider's, or is in use.</exception>
    public async Task StartAsync()
    {
        await Store.RecoverAsync().ConfigureAwait(false);
        if (_options.Retention is { } retention)
        {
            _retention ??= new Retention(this, _clock, retention, _logger);
        }
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
            {
                File.Delete(path + suffix);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public bool IsMaxMessageCountExceeded(int currentMessageCount, OrchestrationRuntimeState runtimeState) => false;

    /// <summary>None: what fails is put aside by itself, with growing pauses, and holds nothing else up.</summary>
    public int GetDelayInSecondsAfterOnProcessException(Exception exception) => 0;

    /// <inheritdoc cref="GetDelayInSecondsAfterOnProcessException"/>
    public int GetDelayInSecondsAfterOnFetchException(Exception exception) => exception is SqliteStoreException ? 1 : 0;

    /// <inheritdoc/>
    public async Task<TaskOrchestrationWorkItem?> LockNextTaskOrchestrationWorkItemAsync(TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            var board = Store.Board;
            if (await board.TakeOrchestrationAsync(receiveTimeout, cancellationToken).ConfigureAwait(false) is not { } slot)
            {
                await PauseIfClosedAsync(receiveTimeout, cancellationToken).ConfigureAwait(false);
                return null;
            }

            try
            {
                if (Load(board, slot) is { } item)
                {
                    return item;
                }

                board.Drop(slot);
            }
            catch (Exception e)
            {
                _logger.LoadFailed(e, slot.InstanceId);
                board.PutBack(slot, failed: true);
            }
        }
    }

    /// <summary>Nothing to do: what is handed out stays so until it is done or the process ends.</summary>
    public Task RenewTaskOrchestrationWorkItemLockAsync(TaskOrchestrationWorkItem workItem) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task CompleteTaskOrchestrationWorkItemAsync(
        TaskOrchestrationWorkItem workItem,
        OrchestrationRuntimeState newOrchestrationRuntimeState,
        IList<TaskMessage> outboundMessages,
        IList<TaskMessage> orchestratorMessages,
        IList<TaskMessage> timerMessages,
        TaskMessage? continuedAsNewMessage,
        OrchestrationState? orchestrationState)
    {
        var work = (OrchestrationWork)workItem;
        var now = _clock.GetUtcNow().UtcDateTime;
        var rewrites = newOrchestrationRuntimeState != workItem.OrchestrationRuntimeState;
        var events = rewrites ? newOrchestrationRuntimeState.Events : newOrchestrationRuntimeState.NewEvents;
        if (_stamps)
        {
            Stamp(work, now, events, [.. outboundMessages, .. orchestratorMessages, .. timerMessages]);
        }

        var turn = new TurnCommit
        {
            Key = work.Slot.Key,
            InstanceId = work.InstanceId,
            Number = work.Turn,
            Now = now,
            Consumed = [.. work.Slot.Taken.Select(message => message.Seq)],
            State = orchestrationState is null ? null : newOrchestrationRuntimeState,
            Rewrites = rewrites,
            Events = Codec.Write([.. events]),
            Activities = outboundMessages,
            Timers = timerMessages,
            Messages = orchestratorMessages,
            IsRecursive = work.NewMessages.Any(message => message.Event is ExecutionTerminatedEvent { EventId: TurnCommit.RecursiveMark }),
        };
        var follows = false;
        await Store.Writer.WriteAsync(
            (db, effects) => follows = turn.Apply(db, effects),
            effects =>
            {
                Store.Publish(effects);
                GiveBack(work, turn, follows);
            }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task AbandonTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        var work = (OrchestrationWork)workItem;
        if (work.Return())
        {
            work.Board.PutBack(work.Slot, failed: true);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ReleaseTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        // A dispatcher that stops gives back what it has not begun.
        var work = (OrchestrationWork)workItem;
        if (work.Return())
        {
            work.Board.PutBack(work.Slot, failed: false);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<TaskActivityWorkItem?> LockNextTaskActivityWorkItem(TimeSpan receiveTimeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            var board = Store.Board;
            if (await board.TakeActivityAsync(receiveTimeout, cancellationToken).ConfigureAwait(false) is not { } slot)
            {
                await PauseIfClosedAsync(receiveTimeout, cancellationToken).ConfigureAwait(false);
                return null;
            }

            try
            {
                if ((slot.Message ?? Store.Reader.Activities(slot.Id - 1, 1).SingleOrDefault(row => row.Id == slot.Id)?.Message) is { } message)
                {
                    return new ActivityWork(board, slot)
                    {
                        Id = slot.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
                        LockedUntilUtc = DateTime.MaxValue,
                        TaskMessage = message,
                    };
                }

                board.Finish();
            }
            catch (Exception e)
            {
                _logger.ActivityLoadFailed(e, slot.Id);
                board.PutBack(slot);
            }
        }
    }

    /// <inheritdoc cref="RenewTaskOrchestrationWorkItemLockAsync"/>
    public Task<TaskActivityWorkItem> RenewTaskActivityWorkItemLockAsync(TaskActivityWorkItem workItem) => Task.FromResult(workItem);

    /// <inheritdoc/>
    public async Task CompleteTaskActivityWorkItemAsync(TaskActivityWorkItem workItem, TaskMessage responseMessage)
    {
        var work = (ActivityWork)workItem;
        if (_stamps)
        {
            responseMessage.Event.Timestamp = _clock.GetUtcNow().UtcDateTime;
        }

        await Store.Writer.WriteAsync(
            (db, effects) => db.CompleteActivity(work.Slot.Id, responseMessage, effects),
            effects =>
            {
                Store.Publish(effects);
                if (work.Return())
                {
                    work.Board.Finish();
                }
            }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task AbandonTaskActivityWorkItemAsync(TaskActivityWorkItem workItem)
    {
        var work = (ActivityWork)workItem;
        if (work.Return())
        {
            work.Board.PutBack(work.Slot);
        }

        return Task.CompletedTask;
    }

    /// <summary>Closes the file. What was handed out and is not done is handed out again when the file is opened next.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _retention?.Dispose();
        if (_store is { } store)
        {
            store.Dispose();
            _logger.Closed(store.Path);
        }
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A dispatcher asks again at once; when the file is closed there is nothing to ask for.</summary>
    private Task PauseIfClosedAsync(TimeSpan pause, CancellationToken cancellation) =>
        Store.Board.IsClosed ? Task.Delay(pause, TimeProvider.System, cancellation) : Task.CompletedTask;

    /// <returns><see langword="null"/> when there is nothing to do.</returns>
    private OrchestrationWork? Load(WorkBoard board, Slot slot)
    {
        if (slot.TakesFromDisk)
        {
            board.Take(slot, Store.Reader.Messages(slot.Key, Store.Timers.FiredUpTo));
        }

        if (slot.Taken.Count == 0)
        {
            return null;
        }

        if ((slot.Run ?? Store.Reader.LoadRun(slot.Key)) is not { } run)
        {
            return null;
        }

        if (run.History.Count == 0 && !slot.Taken.Exists(message => message.Message.Event is ExecutionStartedEvent))
        {
            // It is scheduled for later: what came before waits with it.
            return null;
        }

        var item = slot.Sticky ?? new OrchestrationWork(board, slot)
        {
            InstanceId = slot.InstanceId,
            LockedUntilUtc = DateTime.MaxValue,
            OrchestrationRuntimeState = new OrchestrationRuntimeState(run.History) { Status = run.CustomStatus },
        };
        if (slot.Sticky is not null)
        {
            item.OrchestrationRuntimeState.NewEvents.Clear();
        }

        item.Turn = run.Turn;
        item.NewMessages = [.. slot.Taken.Select(message => message.Message)];
        item.Begin();
        return item;
    }

    /// <summary>A turn is on disk: what the next one needs is kept.</summary>
    private void GiveBack(OrchestrationWork work, TurnCommit turn, bool follows)
    {
        if (!work.Return())
        {
            return;
        }

        if (!follows)
        {
            // What is on disk stands; messages that it has not seen are still there.
            _logger.TurnDropped(turn.InstanceId);
            work.Board.PutBack(work.Slot, failed: false);
            return;
        }

        if (turn.State is not { } state || state.OrchestrationStatus.HasEnded())
        {
            work.Board.Drop(work.Slot);
            return;
        }

        work.Slot.Sticky = _options.StickyExecution && !turn.Rewrites ? work : null;
        work.Board.Keep(work.Slot, new StoredRun(turn.Number + 1, state.Status, state.Events));
    }

    /// <summary>
    /// Under another clock than the machine's, history goes by it. When a turn starts was said before it ran, so that is left alone.
    /// </summary>
    private static void Stamp(OrchestrationWork work, DateTime now, IEnumerable<HistoryEvent> events, IEnumerable<TaskMessage> messages)
    {
        var known = work.NewMessages.Select(message => message.Event).Concat(work.OrchestrationRuntimeState.PastEvents).ToHashSet();
        foreach (var made in events.Where(made => made is not OrchestratorStartedEvent && !known.Contains(made)))
        {
            made.Timestamp = now;
        }

        foreach (var message in messages)
        {
            message.Event.Timestamp = now;
        }
    }
}
