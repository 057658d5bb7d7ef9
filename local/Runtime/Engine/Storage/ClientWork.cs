using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;

namespace OmsWorkflows.Local.Runtime.Engine.Storage;

/// <summary>Creates an instance, or refuses because one of the same id exists.</summary>
internal sealed class CreateInstance(
    NewInstance instance, IReadOnlySet<OrchestrationStatus> refuseWhen, Action<long, NewInstance> created, Action<Delivery> delivered)
    : WriteWork<string>
{
    private long _key;
    private Delivery? _answer;

    protected override string Result => instance.Id;

    public override void Apply(WriterConnection db)
    {
        _answer = null;
        if (db.Find(instance.Id) is { } existing)
        {
            if (refuseWhen.Contains(existing.Status))
            {
                throw new OrchestrationAlreadyExistsException(
                    $"An orchestration with id '{instance.Id}' already exists. It's in the {existing.Status} state.");
            }

            _answer = db.AnswerCaller(existing.Key, $"The instance '{instance.Id}' was replaced by a new one.", instance.Created);
            db.Remove(existing.Key);
        }

        _key = db.Insert(instance);
    }

    public override void Committed()
    {
        if (_answer is not null)
        {
            delivered(_answer);
        }

        created(_key, instance);
        base.Committed();
    }
}

/// <summary>Puts a message into the inbox of an instance.</summary>
internal sealed class SendMessage(string instanceId, HistoryEvent message, Action<Delivery> delivered) : WriteWork<bool>
{
    private Delivery? _delivery;

    protected override bool Result => _delivery is not null;

    public override void Apply(WriterConnection db) => _delivery = db.Deliver(instanceId, message);

    public override void Committed()
    {
        if (_delivery is not null)
        {
            delivered(_delivery);
        }

        base.Committed();
    }
}

/// <summary>Removes ended instances, at most so many at once.</summary>
internal sealed class PurgeInstances(IReadOnlyList<long> keys, bool recursive, Action<IReadOnlyList<long>> removed) : WriteWork<int>
{
    private readonly List<long> _removed = [];

    protected override int Result => _removed.Count;

    public override void Apply(WriterConnection db)
    {
        _removed.Clear();
        var open = new Stack<long>(keys);
        while (open.TryPop(out var key))
        {
            var row = db.Db["SELECT 1 FROM instances WHERE key = ? AND status IN (1, 3, 5)"].Bind(1, key);
            var ended = row.Step();
            row.Reset();
            if (!ended)
            {
                continue;
            }

            if (recursive)
            {
                db.Children(key).ForEach(open.Push);
            }

            db.Remove(key);
            _removed.Add(key);
        }
    }

    public override void Committed()
    {
        removed(_removed);
        base.Committed();
    }
}
