using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Storage;

/// <summary>
/// The connection that writes, with the changes it can make and the counters it numbers rows by. Only the writer touches it.
/// </summary>
internal sealed class WriterConnection : IDisposable
{
    private readonly string _path;
    private readonly Action<SqliteStoreException> _failed;
    private readonly Checkpointer? _checkpointer;
    private SqliteStoreException? _gone;
    private long _key;
    private long _seq;
    private long _activity;

    public WriterConnection(string path, bool durable, DateTimeOffset now, Action<SqliteStoreException> failed)
    {
        (_path, _failed) = (path, failed);
        Db = new Connection(path, readOnly: false);
        try
        {
            Schema.Prepare(Db, path, now);
            Db.Execute(
                $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {(durable ? "FULL" : "OFF")}; PRAGMA wal_autocheckpoint = 8000; "
                + "PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;");
            _checkpointer = durable ? new Checkpointer(path, failed) : null;
            _key = Db.Number("SELECT max(key) FROM instances");
            _seq = Db.Number("SELECT max(coalesce((SELECT max(seq) FROM inbox), 0), coalesce((SELECT max(seq) FROM timers), 0))");
            _activity = Db.Number("SELECT max(id) FROM activities");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Connection Db { get; }

    /// <summary>Highest number given to a message so far.</summary>
    public long LastSeq => _seq;

    /// <summary>Opens a transaction.</summary>
    /// <exception cref="SqliteStoreException">The file was taken away: nobody would find again what is written.</exception>
    public void Begin()
    {
        if (!Db.HasMoved)
        {
            _gone = null;
            Db.Execute("BEGIN IMMEDIATE");
            return;
        }

        if (_gone is null)
        {
            _gone = new SqliteStoreException(
                $"The database {_path} was removed or replaced while it is open. "
                + "Nothing is written any more: stop the process and put the file back.");
            _failed(_gone);
        }

        throw _gone;
    }

    /// <summary>Commits the open transaction.</summary>
    public void Commit()
    {
        Db.Execute("COMMIT");
        _checkpointer?.Committed(Db.ChangedRows);
    }

    /// <summary>Gives up the open transaction, if there is one.</summary>
    public void RollBack()
    {
        if (Db.IsInTransaction)
            Db.Execute("ROLLBACK");
    }

    public void Dispose()
    {
        _checkpointer?.Dispose();
        Db.Dispose();
    }

    /// <summary>Creates an instance, in place of one of the same id unless that is in one of the given statuses.</summary>
    /// <exception cref="OrchestrationAlreadyExistsException">It is.</exception>
    public void Create(
        TaskMessage message, long? parent, IReadOnlyCollection<OrchestrationStatus> refuseWhen, DateTime now, Effects effects)
    {
        var start = (ExecutionStartedEvent)message.Event;
        var id = start.OrchestrationInstance.InstanceId;
        var existing = Db["SELECT key, status FROM instances WHERE id = ?"].Bind(1, id)
            .First(row => (Key: row.Long(0), Status: (OrchestrationStatus)row.Int(1)));
        if (existing is { } old)
        {
            if (refuseWhen.Contains(old.Status))
            {
                throw new OrchestrationAlreadyExistsException(
                    $"An orchestration with id '{id}' already exists. It is in the {old.Status} state.");
            }

            Remove(old.Key, effects);
        }

        var key = ++_key;
        Db["INSERT INTO instances (key, id, execution, name, version, status, turn, created, updated, scheduled, parent, tags) "
            + "VALUES (?, ?, ?, ?, ?, 6, 0, ?, ?, ?, ?, ?)"]
            .Bind(1, key).Bind(2, id).Bind(3, start.OrchestrationInstance.ExecutionId).Bind(4, start.Name).Bind(5, start.Version)
            .Bind(6, start.Timestamp.Ticks).Bind(7, now.Ticks).Bind(8, start.ScheduledStartTime).Bind(9, parent)
            .Bind(10, Codec.Write(start.Tags)).Execute();
        Db["INSERT INTO inputs (key, input) VALUES (?, ?)"].Bind(1, key).Bind(2, start.Input).Execute();
        if (start.ScheduledStartTime is { } due && due > now)
            AddTimer(key, message, due, starts: true, effects);
        else
            Put(key, message, othersWait: false, effects);
    }

    /// <summary>
    /// Puts a message into the inbox of the instance it is for. It is dropped when that is gone, has ended, or runs under another
    /// execution id.
    /// </summary>
    public void Deliver(TaskMessage message, Effects effects)
    {
        // A failed instance takes one message: that it shall go back to where it failed.
        var condition = message.Event is ExecutionRewoundEvent ? "(status = 3 OR " + Statuses.NotEnded + ")" : Statuses.NotEnded;
        var found = Db[$"SELECT key, turn FROM instances WHERE id = ?1 AND {condition} AND (?2 IS NULL OR execution = ?2)"]
            .Bind(1, message.OrchestrationInstance.InstanceId)
            .Bind(2, string.IsNullOrEmpty(message.OrchestrationInstance.ExecutionId) ? null : message.OrchestrationInstance.ExecutionId)
            .First(row => (Key: row.Long(0), Turn: row.Int(1)));
        if (found is not { } instance)
            return;

        if (message.Event is ExecutionTerminatedEvent && instance.Turn == 0)
            PullStartForward(instance.Key, effects);

        Put(instance.Key, message, othersWait: false, effects);
    }

    /// <summary>Adds a message that is delivered at its time.</summary>
    public void AddTimer(long key, TaskMessage message, DateTime due, bool starts, Effects effects)
    {
        var seq = ++_seq;
        Db["INSERT INTO timers (key, seq, due, starts, message) VALUES (?, ?, ?, ?, ?)"]
            .Bind(1, key).Bind(2, seq).Bind(3, due.Ticks).Bind(4, starts ? 1 : 0).Bind(5, Codec.Write(message)).Execute();
        effects.Deliveries.Add(new Delivery(key, message.OrchestrationInstance.InstanceId, seq, message, due, starts));
    }

    /// <summary>Adds an activity to be run.</summary>
    public void AddActivity(long key, TaskMessage message, Effects effects)
    {
        var id = ++_activity;
        Db["INSERT INTO activities (id, key, message) VALUES (?, ?, ?)"].Bind(1, id).Bind(2, key).Bind(3, Codec.Write(message)).Execute();
        effects.Activities.Add(new ActivityRow(id, key, message));
    }

    /// <summary>Takes an activity away and gives its result, unless there is one, to the orchestration that scheduled it.</summary>
    public void CompleteActivity(long id, TaskMessage response, Effects effects)
    {
        if (Db["DELETE FROM activities WHERE id = ?"].Bind(1, id).Execute() > 0)
            Deliver(response, effects);
    }

    /// <summary>Keys and ids of the sub-orchestrations of an instance.</summary>
    public List<(long Key, string Id)> Children(long key)
        => Db["SELECT key, id FROM instances WHERE parent = ?"].Bind(1, key).All(row => (row.Long(0), row.Text(1)!));

    /// <summary>Removes those of the instances that have ended, and if asked to their sub-orchestrations that have.</summary>
    public int Purge(IEnumerable<long> keys, bool recursive, Effects effects)
    {
        var open = new Stack<long>(keys);
        while (open.TryPop(out var key))
        {
            if (Db[$"SELECT 1 FROM instances WHERE key = ? AND NOT {Statuses.NotEnded}"].Bind(1, key).First(row => row.Int(0)) is null)
                continue;

            if (recursive)
                Children(key).ForEach(child => open.Push(child.Key));

            Remove(key, effects);
        }

        return effects.Removed.Count;
    }

    /// <summary>Removes the messages and timers of an instance.</summary>
    public void RemoveMessages(long key)
    {
        Db["DELETE FROM inbox WHERE key = ?"].Bind(1, key).Execute();
        Db["DELETE FROM timers WHERE key = ?"].Bind(1, key).Execute();
    }

    /// <summary>Removes everything.</summary>
    public void RemoveAll() => Db.Execute(
        "DELETE FROM inbox; DELETE FROM timers; DELETE FROM activities; DELETE FROM history; DELETE FROM inputs; DELETE FROM instances");

    private void Remove(long key, Effects effects)
    {
        RemoveMessages(key);
        Db["DELETE FROM history WHERE key = ?"].Bind(1, key).Execute();
        Db["DELETE FROM inputs WHERE key = ?"].Bind(1, key).Execute();
        Db["DELETE FROM instances WHERE key = ?"].Bind(1, key).Execute();
        effects.Removed.Add(key);
    }

    private void Put(long key, TaskMessage message, bool othersWait, Effects effects)
    {
        var seq = ++_seq;
        Db["INSERT INTO inbox (key, seq, message) VALUES (?, ?, ?)"].Bind(1, key).Bind(2, seq).Bind(3, Codec.Write(message)).Execute();
        effects.Deliveries.Add(new Delivery(key, message.OrchestrationInstance.InstanceId, seq, message, null, othersWait));
    }

    /// <summary>An instance that is ended before its time starts first: the framework ends only what has started.</summary>
    private void PullStartForward(long key, Effects effects)
    {
        var start = Db["SELECT seq, message FROM timers WHERE key = ? AND starts = 1"].Bind(1, key)
            .First(row => (Seq: row.Long(0), Message: Codec.ReadMessage(row.Blob(1))));
        if (start is { } waiting)
        {
            Db["DELETE FROM timers WHERE key = ? AND seq = ?"].Bind(1, key).Bind(2, waiting.Seq).Execute();
            Put(key, waiting.Message, othersWait: true, effects);
        }
    }
}
