using DurableTask.Core;
using DurableTask.Core.Exceptions;

namespace DurableTask.Sqlite.Storage;

/// <summary>A change by a client or an activity, whose effects are handed on when it is on disk.</summary>
internal abstract class EffectiveWork<T>(Action<Effects> publish) : WriteWork<T>
{
    protected Effects Effects { get; } = new();

    public sealed override void Apply(WriterConnection db)
    {
        Effects.Clear();
        Change(db);
    }

    public sealed override void Committed()
    {
        publish(Effects);
        base.Committed();
    }

    protected abstract void Change(WriterConnection db);
}

/// <summary>Creates an instance, or refuses because one of the same id exists.</summary>
internal sealed class CreateInstance(
    TaskMessage message, IReadOnlyCollection<OrchestrationStatus> refuseWhen, DateTime now, Action<Effects> publish) : EffectiveWork<bool>(publish)
{
    protected override bool Result => true;

    protected override void Change(WriterConnection db)
    {
        var id = message.OrchestrationInstance.InstanceId;
        if (db.Find(id) is { } existing)
        {
            if (refuseWhen.Contains(existing.Status))
            {
                throw new OrchestrationAlreadyExistsException(
                    $"An orchestration with id '{id}' already exists. It is in the {existing.Status} state.");
            }

            db.Remove(existing.Key);
            Effects.Removed.Add(existing.Key);
        }

        Effects.Add(db.Insert(message, parent: null, now));
    }
}

/// <summary>Puts messages into the inboxes of instances. Those for instances that ended or never were are dropped.</summary>
internal sealed class SendMessages(IReadOnlyList<TaskMessage> messages, Action<Effects> publish) : EffectiveWork<int>(publish)
{
    protected override int Result => Effects.Deliveries.Count;

    protected override void Change(WriterConnection db)
    {
        foreach (var message in messages)
        {
            Effects.Add(db.Deliver(message, Effects.Deliveries));
        }
    }
}

/// <summary>Takes an activity away and gives its result to the orchestration that scheduled it.</summary>
internal sealed class CompleteActivity(long id, TaskMessage response, Action<Effects> publish) : EffectiveWork<bool>(publish)
{
    protected override bool Result => true;

    protected override void Change(WriterConnection db)
    {
        // Whoever completes it a second time has nothing to add.
        if (db.Db["DELETE FROM activities WHERE id = ?"].Bind(1, id).Execute() == 1)
        {
            Effects.Add(db.Deliver(response, Effects.Deliveries));
        }
    }
}

/// <summary>Removes ended instances.</summary>
internal sealed class PurgeInstances(IReadOnlyList<long> keys, bool recursive, Action<Effects> publish) : EffectiveWork<int>(publish)
{
    protected override int Result => Effects.Removed.Count;

    protected override void Change(WriterConnection db)
    {
        var open = new Stack<long>(keys);
        while (open.TryPop(out var key))
        {
            var row = db.Db[$"SELECT 1 FROM instances WHERE key = ? AND NOT {Statuses.NotEnded}"].Bind(1, key);
            var ended = row.Step();
            row.Reset();
            if (!ended)
            {
                continue;
            }

            if (recursive)
            {
                db.Children(key).ForEach(child => open.Push(child.Key));
            }

            db.Remove(key);
            Effects.Removed.Add(key);
        }
    }
}

/// <summary>Removes everything.</summary>
internal sealed class RemoveAll(Action<Effects> publish) : EffectiveWork<bool>(publish)
{
    protected override bool Result => true;

    protected override void Change(WriterConnection db)
    {
        foreach (var table in new[] { "inbox", "timers", "activities", "history", "inputs", "instances" })
        {
            db.Db.Execute($"DELETE FROM {table}");
        }
    }
}
