using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Sqlite.Dispatch;
using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite;

/// <content>What the framework's dispatchers ask for.</content>
public sealed partial class SqliteOrchestrationService
{
    /// <inheritdoc/>
    public bool IsMaxMessageCountExceeded(int currentMessageCount, OrchestrationRuntimeState runtimeState) => false;

    /// <summary>None: what fails is put aside by itself, with growing pauses, and holds nothing else up.</summary>
    public int GetDelayInSecondsAfterOnProcessException(Exception exception) => 0;

    /// <inheritdoc cref="GetDelayInSecondsAfterOnProcessException"/>
    public int GetDelayInSecondsAfterOnFetchException(Exception exception) => exception is SqliteStoreException ? 1 : 0;

    /// <inheritdoc/>
    public async Task<TaskOrchestrationWorkItem?> LockNextTaskOrchestrationWorkItemAsync(
        TimeSpan receiveTimeout, CancellationToken cancellationToken)
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
                    return item;

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
            Stamp(work, now, events, [.. outboundMessages, .. orchestratorMessages, .. timerMessages]);

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
            work.Board.PutBack(work.Slot, failed: true);

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ReleaseTaskOrchestrationWorkItemAsync(TaskOrchestrationWorkItem workItem)
    {
        // A dispatcher that stops gives back what it has not begun.
        var work = (OrchestrationWork)workItem;
        if (work.Return())
            work.Board.PutBack(work.Slot, failed: false);

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
                if ((slot.Message ?? Store.Reader.FindActivity(slot.Id)) is { } message)
                {
                    return new ActivityWork(board, slot)
                    {
                        Id = slot.Id.ToString(CultureInfo.InvariantCulture),
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
            responseMessage.Event.Timestamp = _clock.GetUtcNow().UtcDateTime;

        await Store.Writer.WriteAsync(
            (db, effects) => db.CompleteActivity(work.Slot.Id, responseMessage, effects),
            effects =>
            {
                Store.Publish(effects);
                if (work.Return())
                    work.Board.Finish();
            }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task AbandonTaskActivityWorkItemAsync(TaskActivityWorkItem workItem)
    {
        var work = (ActivityWork)workItem;
        if (work.Return())
            work.Board.PutBack(work.Slot);

        return Task.CompletedTask;
    }

    /// <summary>A dispatcher asks again at once; when the file is closed there is nothing to ask for.</summary>
    private Task PauseIfClosedAsync(TimeSpan pause, CancellationToken cancellation)
        => Store.IsClosed ? Task.Delay(pause, TimeProvider.System, cancellation) : Task.CompletedTask;

    /// <returns><see langword="null"/> when there is nothing to do.</returns>
    private OrchestrationWork? Load(WorkBoard board, Slot slot)
    {
        if (slot.TakesFromDisk)
            board.Take(slot, Store.Reader.Messages(slot.Key, Store.Timers.FiredUpTo));

        if (slot.Taken.Count == 0)
            return null;

        if ((slot.Run ?? Store.Reader.LoadRun(slot.Key)) is not { } run)
            return null;

        if (run.HasEnded && !slot.Taken.Exists(message => message.Message.Event is ExecutionRewoundEvent))
        {
            // A timer that fired while the run ended.
            return null;
        }

        if (run.History.Count == 0 && !slot.Taken.Exists(message => message.Message.Event is ExecutionStartedEvent))
        {
            // It is scheduled for later: what came before waits with it.
            return null;
        }

        return new OrchestrationWork(board, slot, run.Turn)
        {
            InstanceId = slot.InstanceId,
            LockedUntilUtc = DateTime.MaxValue,
            OrchestrationRuntimeState = new OrchestrationRuntimeState(run.History) { Status = run.CustomStatus },
            NewMessages = [.. slot.Taken.Select(message => message.Message)],
        };
    }

    /// <summary>A turn is on disk: what the next one needs is kept.</summary>
    private void GiveBack(OrchestrationWork work, TurnCommit turn, bool follows)
    {
        if (!work.Return())
            return;

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

        work.Board.Keep(work.Slot, new StoredRun(turn.Number + 1, HasEnded: false, state.Status, state.Events));
    }

    /// <summary>
    /// Under another clock than the machine's, history goes by it. When a turn starts was said before it ran, so that is left alone.
    /// </summary>
    private static void Stamp(OrchestrationWork work, DateTime now, IEnumerable<HistoryEvent> events, IEnumerable<TaskMessage> messages)
    {
        var known = work.NewMessages.Select(message => message.Event).Concat(work.OrchestrationRuntimeState.PastEvents).ToHashSet();
        foreach (var made in events.Where(made => made is not OrchestratorStartedEvent && !known.Contains(made)))
            made.Timestamp = now;

        foreach (var message in messages)
            message.Event.Timestamp = now;
    }
}
