using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Storage;

/// <summary>
/// Everything one turn of an orchestration changes: history, consumed messages, activities, timers, sub-orchestrations, messages and the state
/// of the instance. It is stored as a whole, so a crash leaves the turn done or not done.
/// </summary>
internal sealed class TurnCommit(Turn turn, Action<Turn, Effects> stored) : WriteWork<bool>
{
    /// <summary>Mark on a terminate message that goes on to the sub-orchestrations. Other numbers below zero mean nothing.</summary>
    public const int RecursiveMark = -2;

    private readonly Effects _effects = new();

    protected override bool Result => true;

    public override void Apply(WriterConnection db)
    {
        _effects.Clear();
        turn.IsStale = false;
        foreach (var seq in turn.Consumed)
        {
            db.Db["DELETE FROM inbox WHERE key = ? AND seq = ?"].Bind(1, turn.Key).Bind(2, seq).Execute();
            db.Db["DELETE FROM timers WHERE key = ? AND seq = ?"].Bind(1, turn.Key).Bind(2, seq).Execute();
        }

        if (turn.State is not { } state)
        {
            return;
        }

        if (!UpdateInstance(db.Db, state))
        {
            // The instance was purged or replaced, or the turn was stored after all: what is on disk stands.
            turn.IsStale = true;
            return;
        }

        WriteHistory(db, state);
        foreach (var message in turn.Activities)
        {
            _effects.Activities.Add(db.AddActivity(turn.Key, message));
        }

        foreach (var message in turn.Timers)
        {
            if (!turn.HasEnded && message.OrchestrationInstance.ExecutionId == state.OrchestrationInstance!.ExecutionId)
            {
                _effects.Add(db.AddTimer(turn.Key, message, ((TimerFiredEvent)message.Event).FireAt, starts: false));
            }
        }

        foreach (var message in turn.Messages)
        {
            Send(db, message);
        }

        if (turn.HasEnded)
        {
            End(db);
        }
    }

    public override void Committed()
    {
        stored(turn, _effects);
        base.Committed();
    }

    private bool UpdateInstance(Connection db, OrchestrationRuntimeState state)
    {
        var changed = db["UPDATE instances SET status = ?, turn = turn + 1, updated = ?, custom_status = ? WHERE key = ? AND turn = ?"]
            .Bind(1, (int)state.OrchestrationStatus).Bind(2, turn.Now.Ticks).Bind(3, state.Status)
            .Bind(4, turn.Key).Bind(5, turn.Number).Execute();
        return changed == 1;
    }

    private void WriteHistory(WriterConnection db, OrchestrationRuntimeState state)
    {
        if (turn.Rewrites)
        {
            db.Db["DELETE FROM history WHERE key = ?"].Bind(1, turn.Key).Execute();
            db.Db["DELETE FROM timers WHERE key = ?"].Bind(1, turn.Key).Execute();
            db.Db["UPDATE inputs SET input = ? WHERE key = ?"].Bind(1, state.Input).Bind(2, turn.Key).Execute();
            db.Db["UPDATE instances SET execution = ?, version = ?, created = ?, completed = NULL, output = NULL, failure = NULL WHERE key = ?"]
                .Bind(1, state.OrchestrationInstance!.ExecutionId).Bind(2, state.Version).Bind(3, state.CreatedTime.Ticks).Bind(4, turn.Key)
                .Execute();
        }

        db.Db["INSERT INTO history (key, turn, events) VALUES (?, ?, ?)"].Bind(1, turn.Key).Bind(2, turn.Number).Bind(3, turn.Events).Execute();
    }

    private void Send(WriterConnection db, TaskMessage message)
    {
        if (message.Event is not ExecutionStartedEvent start)
        {
            _effects.Add(db.Deliver(message, _effects.Deliveries));
            return;
        }

        if (db.Find(start.OrchestrationInstance.InstanceId) is { } existing)
        {
            if (!existing.Status.HasEnded())
            {
                Refuse(db, start);
                return;
            }

            db.Remove(existing.Key);
            _effects.Removed.Add(existing.Key);
        }

        _effects.Add(db.Insert(message, turn.Key, turn.Now));
    }

    /// <summary>A sub-orchestration cannot take the id of an instance that runs: its caller is told, rather than left to wait for ever.</summary>
    private void Refuse(WriterConnection db, ExecutionStartedEvent start)
    {
        if (start.ParentInstance is not { } parent || start.Tags?.ContainsKey(OrchestrationTags.FireAndForget) == true)
        {
            return;
        }

        var failure = new FailureDetails(
            typeof(OrchestrationAlreadyExistsException).FullName!,
            $"An orchestration with id '{start.OrchestrationInstance.InstanceId}' already exists and has not ended.",
            stackTrace: null,
            innerFailure: null,
            isNonRetriable: false);
        var answer = new TaskMessage
        {
            OrchestrationInstance = parent.OrchestrationInstance,
            Event = new SubOrchestrationInstanceFailedEvent(-1, parent.TaskScheduleId, failure.ErrorMessage, null, failure)
            {
                Timestamp = turn.Now,
            },
        };
        _effects.Add(db.Deliver(answer, _effects.Deliveries));
    }

    private void End(WriterConnection db)
    {
        var state = turn.State!;
        db.Db["UPDATE instances SET completed = ?, output = ?, failure = ? WHERE key = ?"]
            .Bind(1, turn.Now.Ticks).Bind(2, state.Output).Bind(3, HistoryCodec.Write(state.FailureDetails)).Bind(4, turn.Key).Execute();
        db.RemoveMessages(turn.Key);
        _effects.Changed.Add(turn.InstanceId);
        if (turn.TerminatesChildren)
        {
            foreach (var (_, id) in db.Children(turn.Key))
            {
                _effects.Add(db.Deliver(Terminate(id, state.Output, recursive: true, turn.Now), _effects.Deliveries));
            }
        }
    }

    /// <summary>The message that ends an instance.</summary>
    public static TaskMessage Terminate(string instanceId, string? reason, bool recursive, DateTime now) => new()
    {
        OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId },
        Event = new ExecutionTerminatedEvent(recursive ? RecursiveMark : -1, reason) { Timestamp = now },
    };
}

/// <summary>What a turn came to.</summary>
internal sealed class Turn
{
    public required long Key { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>Turns of the instance before this one.</summary>
    public required int Number { get; init; }

    public required DateTime Now { get; init; }

    /// <summary>Numbers of the messages that go.</summary>
    public required IReadOnlyList<long> Consumed { get; init; }

    /// <summary>The new state; <see langword="null"/> when the messages were for no run and are dropped.</summary>
    public OrchestrationRuntimeState? State { get; init; }

    /// <summary>Whether <see cref="Events"/> take the place of the history, rather than being added to it.</summary>
    public bool Rewrites { get; init; }

    public byte[]? Events { get; init; }

    public IList<TaskMessage> Activities { get; init; } = [];

    public IList<TaskMessage> Timers { get; init; } = [];

    public IList<TaskMessage> Messages { get; init; } = [];

    public bool HasEnded => State?.OrchestrationStatus.HasEnded() == true;

    /// <summary>Whether the end goes on to the sub-orchestrations.</summary>
    public bool TerminatesChildren { get; init; }

    /// <summary>Whether the turn did not follow what is on disk and was dropped.</summary>
    public bool IsStale { get; set; }
}
