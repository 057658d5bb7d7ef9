using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Storage;

/// <summary>
/// Everything one turn of an orchestration changes: history, consumed messages, activities, timers, sub-orchestrations, messages and the
/// state of the instance. It is stored as a whole, so a crash leaves the turn done or not done.
/// </summary>
internal sealed class TurnCommit
{
    /// <summary>Mark on a terminate message that goes on to the sub-orchestrations. The framework gives such messages no number.</summary>
    public const int RecursiveMark = -2;

    public static readonly OrchestrationStatus[] NotEnded =
        [OrchestrationStatus.Pending, OrchestrationStatus.Running, OrchestrationStatus.Suspended, OrchestrationStatus.ContinuedAsNew];

    public required long Key { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>Turns of the instance before this one.</summary>
    public required int Number { get; init; }

    public required DateTime Now { get; init; }

    /// <summary>Numbers of the messages that go.</summary>
    public required IReadOnlyList<long> Consumed { get; init; }

    /// <summary>The new state; <see langword="null"/> when the messages were for no run and are dropped.</summary>
    public required OrchestrationRuntimeState? State { get; init; }

    /// <summary>Whether <see cref="Events"/> take the place of the history, rather than being added to it.</summary>
    public required bool Rewrites { get; init; }

    public required byte[] Events { get; init; }

    public required IList<TaskMessage> Activities { get; init; }

    public required IList<TaskMessage> Timers { get; init; }

    public required IList<TaskMessage> Messages { get; init; }

    /// <summary>Whether an end goes on to the sub-orchestrations.</summary>
    public required bool IsRecursive { get; init; }

    /// <summary>The message that ends an instance.</summary>
    public static TaskMessage Terminate(string instanceId, string? reason, bool recursive, DateTime now) => new()
    {
        OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId },
        Event = new ExecutionTerminatedEvent(recursive ? RecursiveMark : -1, reason) { Timestamp = now },
    };

    /// <returns>Whether the turn follows what is on disk; if not, nothing was changed.</returns>
    public bool Apply(WriterConnection db, Effects effects)
    {
        if (State is { } made && !UpdateInstance(db.Db, made))
            return false;

        foreach (var seq in Consumed)
        {
            db.Db["DELETE FROM inbox WHERE key = ? AND seq = ?"].Bind(1, Key).Bind(2, seq).Execute();
            db.Db["DELETE FROM timers WHERE key = ? AND seq = ?"].Bind(1, Key).Bind(2, seq).Execute();
        }

        if (State is not { } state)
            return true;

        if (Rewrites)
            StartOver(db, state);

        db.Db["INSERT INTO history (key, turn, events) VALUES (?, ?, ?)"].Bind(1, Key).Bind(2, Number).Bind(3, Events).Execute();
        foreach (var activity in Activities)
            db.AddActivity(Key, activity, effects);

        // Timers of the generations that ended within the turn would fire for nobody.
        foreach (var timer in Timers.Where(timer => timer.OrchestrationInstance.ExecutionId == state.OrchestrationInstance!.ExecutionId))
            db.AddTimer(Key, timer, ((TimerFiredEvent)timer.Event).FireAt, starts: false, effects);

        foreach (var message in Messages)
            Send(db, message, effects);

        if (state.OrchestrationStatus.HasEnded())
            End(db, state, effects);

        return true;
    }

    /// <summary>
    /// The instance may have been purged or replaced meanwhile, or the turn be stored although that was reported to have failed.
    /// </summary>
    private bool UpdateInstance(Connection db, OrchestrationRuntimeState state)
        => db["UPDATE instances SET status = ?, turn = turn + 1, updated = ?, custom_status = ? WHERE key = ? AND turn = ?"]
            .Bind(1, (int)state.OrchestrationStatus).Bind(2, Now.Ticks).Bind(3, state.Status).Bind(4, Key).Bind(5, Number).Execute() == 1;

    private void StartOver(WriterConnection db, OrchestrationRuntimeState state)
    {
        db.Db["DELETE FROM history WHERE key = ?"].Bind(1, Key).Execute();
        db.Db["DELETE FROM timers WHERE key = ?"].Bind(1, Key).Execute();
        db.Db["UPDATE inputs SET input = ? WHERE key = ?"].Bind(1, state.Input).Bind(2, Key).Execute();
        db.Db["UPDATE instances SET execution = ?, version = ?, created = ?, completed = NULL, output = NULL, failure = NULL WHERE key = ?"]
            .Bind(1, state.OrchestrationInstance!.ExecutionId).Bind(2, state.Version).Bind(3, state.CreatedTime.Ticks).Bind(4, Key)
            .Execute();
    }

    private void Send(WriterConnection db, TaskMessage message, Effects effects)
    {
        if (message.Event is not ExecutionStartedEvent start)
        {
            db.Deliver(message, effects);
            return;
        }

        try
        {
            db.Create(message, Key, NotEnded, Now, effects);
        }
        catch (OrchestrationAlreadyExistsException e) when (start.ParentInstance is { } parent)
        {
            // The caller is told, rather than left to wait for ever; one that does not wait has no use for the answer.
            var failure = new FailureDetails(e);
            db.Deliver(
                new TaskMessage
                {
                    OrchestrationInstance = parent.OrchestrationInstance,
                    Event = new SubOrchestrationInstanceFailedEvent(-1, parent.TaskScheduleId, e.Message, null, failure)
                    {
                        Timestamp = Now,
                    },
                },
                effects);
        }
    }

    private void End(WriterConnection db, OrchestrationRuntimeState state, Effects effects)
    {
        db.Db["UPDATE instances SET completed = ?, output = ?, failure = ? WHERE key = ?"]
            .Bind(1, Now.Ticks).Bind(2, state.Output).Bind(3, Codec.Write(state.FailureDetails)).Bind(4, Key).Execute();
        db.RemoveMessages(Key);
        effects.Ended.Add(InstanceId);
        foreach (var (_, child) in IsRecursive ? db.Children(Key) : [])
            db.Deliver(Terminate(child, state.Output, recursive: true, Now), effects);
    }
}
