using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using OmsWorkflows.Local.Runtime.Engine.Replay;

namespace OmsWorkflows.Local.Runtime.Engine.Storage;

/// <summary>
/// Everything one turn changes: history, inbox, activities, timers, sub-orchestrations, messages and the state of the instance. It is stored
/// as a whole, so a crash leaves the turn done or not done.
/// </summary>
internal sealed class TurnCommit(long key, int generation, int turn, Action<TurnCommit, Exception?> finished) : WriteWork
{
    private readonly List<ActivityRow> _started = [];
    private readonly List<(long Key, NewInstance Instance)> _children = [];
    private readonly List<Delivery> _delivered = [];

    public long Key => key;

    public int Generation => generation;

    /// <summary>History of the turn; <see langword="null"/> when only leftovers of an ended instance are removed.</summary>
    public byte[]? Events { get; init; }

    public required OrchestrationStatus Status { get; init; }

    public required DateTime Now { get; init; }

    public required string InstanceId { get; init; }

    public string? CustomStatus { get; init; }

    public RunEnd? End { get; init; }

    public StartOver? Restart { get; init; }

    public ParentLink? Parent { get; init; }

    public bool TerminateChildren { get; init; }

    public List<long> ConsumedInbox { get; } = [];

    public List<long> ConsumedActivities { get; } = [];

    public List<(int Generation, int Step)> ConsumedTimers { get; } = [];

    public List<ScheduleActivity> NewActivities { get; } = [];

    public List<TimerRow> NewTimers { get; } = [];

    public List<(int Step, NewInstance Instance)> NewChildren { get; } = [];

    public List<(string InstanceId, HistoryEvent Message)> Messages { get; } = [];

    /// <summary>Activities of the turn, to be run.</summary>
    public IReadOnlyList<ActivityRow> Started => _started;

    /// <summary>Sub-orchestrations of the turn, to be run.</summary>
    public IReadOnlyList<(long Key, NewInstance Instance)> Children => _children;

    /// <summary>Messages that reached an inbox.</summary>
    public IReadOnlyList<Delivery> Delivered => _delivered;

    public override void Apply(WriterConnection db)
    {
        _started.Clear();
        _children.Clear();
        _delivered.Clear();
        RemoveConsumed(db.Db);
        if (Events is null)
        {
            return;
        }

        UpdateInstance(db.Db);
        if (Restart is { } restart)
        {
            StartOver(db, restart);
        }
        else
        {
            db.Db["INSERT INTO history (key, turn, events) VALUES (?, ?, ?)"].Bind(1, key).Bind(2, turn).Bind(3, Events).Execute();
        }

        AddActivities(db);
        AddTimers(db.Db);
        AddChildren(db);
        Send(db);
    }

    public override void Committed() => finished(this, null);

    public override void Failed(Exception reason) => finished(this, reason);

    private void RemoveConsumed(Connection db)
    {
        foreach (var seq in ConsumedInbox)
        {
            db["DELETE FROM inbox WHERE seq = ?"].Bind(1, seq).Execute();
        }

        foreach (var id in ConsumedActivities)
        {
            db["DELETE FROM activities WHERE id = ?"].Bind(1, id).Execute();
        }

        foreach (var (timerGeneration, step) in ConsumedTimers)
        {
            db["DELETE FROM timers WHERE key = ? AND generation = ? AND step = ?"].Bind(1, key).Bind(2, timerGeneration).Bind(3, step).Execute();
        }
    }

    private void UpdateInstance(Connection db)
    {
        var changed = End is { } end
            ? db["UPDATE instances SET status = ?, turn = ?, updated = ?, custom_status = ?, completed = ?3, output = ?, failure = ? "
                + "WHERE key = ? AND generation = ? AND turn = ?"]
                .Bind(1, (int)Status).Bind(2, turn + 1).Bind(3, Now.Ticks).Bind(4, CustomStatus)
                .Bind(5, end.Result).Bind(6, HistoryCodec.Write(end.Failure)).Bind(7, key).Bind(8, generation).Bind(9, turn).Execute()
            : db["UPDATE instances SET status = ?, turn = ?, updated = ?, custom_status = ?, generation = ? "
                + "WHERE key = ? AND generation = ? AND turn = ?"]
                .Bind(1, (int)Status).Bind(2, Restart is null ? turn + 1 : 0).Bind(3, Now.Ticks).Bind(4, CustomStatus)
                .Bind(5, Restart is null ? generation : generation + 1).Bind(6, key).Bind(7, generation).Bind(8, turn).Execute();
        if (changed != 1)
        {
            throw new TurnConflictException(InstanceId, turn);
        }

        if (End is not null)
        {
            db["DELETE FROM timers WHERE key = ?"].Bind(1, key).Execute();
            db["DELETE FROM inbox WHERE key = ?"].Bind(1, key).Execute();
        }
    }

    private void StartOver(WriterConnection db, StartOver restart)
    {
        db.Db["DELETE FROM history WHERE key = ?"].Bind(1, key).Execute();
        db.Db["UPDATE inputs SET input = ? WHERE key = ?"].Bind(1, restart.Input).Bind(2, key).Execute();
        if (!string.IsNullOrWhiteSpace(restart.Version))
        {
            db.Db["UPDATE instances SET version = ? WHERE key = ?"].Bind(1, restart.Version).Bind(2, key).Execute();
        }

        foreach (var carried in restart.CarriedOver)
        {
            _delivered.Add(db.CarryOver(key, carried));
        }
    }

    private void AddActivities(WriterConnection db)
    {
        foreach (var step in NewActivities)
        {
            var row = new ActivityRow(db.NextActivity(), key, generation, step.Id, InstanceId, step.Name, step.Version, step.Input);
            db.Db["INSERT INTO activities (id, key, generation, step, instance_id, name, version, input) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"]
                .Bind(1, row.Id).Bind(2, key).Bind(3, generation).Bind(4, row.Step)
                .Bind(5, row.InstanceId).Bind(6, row.Name).Bind(7, row.Version).Bind(8, row.Input).Execute();
            _started.Add(row);
        }
    }

    private void AddTimers(Connection db)
    {
        foreach (var timer in NewTimers)
        {
            db["INSERT INTO timers (key, generation, step, due) VALUES (?, ?, ?, ?)"]
                .Bind(1, key).Bind(2, timer.Generation).Bind(3, timer.Step).Bind(4, timer.Due.Ticks).Execute();
        }
    }

    private void AddChildren(WriterConnection db)
    {
        foreach (var (step, child) in NewChildren)
        {
            if (db.Find(child.Id) is { } existing)
            {
                if (existing.Status is not (OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated))
                {
                    RefuseChild(db, step, child);
                    continue;
                }

                db.Remove(existing.Key);
            }

            _children.Add((db.Insert(child), child));
        }
    }

    private void RefuseChild(WriterConnection db, int step, NewInstance child)
    {
        var failure = new FailureDetails(
            typeof(OrchestrationAlreadyExistsException).FullName!,
            $"An orchestration with id '{child.Id}' already exists and has not ended.",
            null,
            null,
            isNonRetriable: false);
        Keep(db.Deliver(key, generation, new SubOrchestrationInstanceFailedEvent(-1, step, null, null, failure) { Timestamp = Now }));
    }

    private void Send(WriterConnection db)
    {
        foreach (var (id, message) in Messages)
        {
            Keep(db.Deliver(id, message));
        }

        if (End is { } end && Parent is { } parent)
        {
            HistoryEvent answer = end.Status == OrchestrationStatus.Completed
                ? new SubOrchestrationInstanceCompletedEvent(-1, parent.StepId, end.Result)
                : new SubOrchestrationInstanceFailedEvent(-1, parent.StepId, end.Result, null, end.Failure);
            answer.Timestamp = Now;
            Keep(db.Deliver(parent.InstanceKey, parent.Generation, answer));
        }

        if (TerminateChildren)
        {
            foreach (var child in db.Children(key))
            {
                Keep(db.Deliver(child, WriterConnection.AnyGeneration, TerminateMessage.Recursive(End?.Result, Now)));
            }
        }
    }

    private void Keep(Delivery? delivery)
    {
        if (delivery is not null)
        {
            _delivered.Add(delivery);
        }
    }
}

/// <summary>The stored instance is not where the turn started from: it was purged, replaced, or the turn was stored after all.</summary>
internal sealed class TurnConflictException(string instanceId, int turn)
    : Exception($"Turn {turn} of instance '{instanceId}' does not follow what is stored.");

/// <summary>The message that ends an instance.</summary>
internal static class TerminateMessage
{
    /// <summary>Step number of a message that ends sub-orchestrations too.</summary>
    private const int RecursiveMark = -2;

    public static ExecutionTerminatedEvent Single(string? output, DateTime now) => new(-1, output) { Timestamp = now };

    public static ExecutionTerminatedEvent Recursive(string? output, DateTime now) => new(RecursiveMark, output) { Timestamp = now };

    public static bool IsRecursive(ExecutionTerminatedEvent message) => message.EventId == RecursiveMark;
}
