using DurableTask.Core;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Storage;

/// <summary>The connection that writes, with the counters it numbers rows by. Only the writer touches it.</summary>
internal sealed class WriterConnection : IDisposable
{
    private readonly Checkpointer? _checkpointer;
    private long _key;
    private long _seq;
    private long _activity;

    public WriterConnection(string path, bool durable, DateTimeOffset now, Action<SqliteStoreException> checkpointFailed)
    {
        Db = new Connection(path, readOnly: false);
        try
        {
            Schema.Prepare(Db, path, now);
            Db.Execute(
                $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {(durable ? "FULL" : "OFF")}; PRAGMA wal_autocheckpoint = 8000; "
                + "PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;");
            _checkpointer = durable ? new Checkpointer(path, checkpointFailed) : null;
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
        {
            Db.Execute("ROLLBACK");
        }
    }

    /// <summary>The instance of an id, with its status.</summary>
    public (long Key, OrchestrationStatus Status)? Find(string id)
    {
        var row = Db["SELECT key, status FROM instances WHERE id = ?"].Bind(1, id);
        (long, OrchestrationStatus)? found = row.Step() ? (row.Long(0), (OrchestrationStatus)row.Int(1)) : null;
        row.Reset();
        return found;
    }

    /// <summary>Inserts an instance with the message that starts it.</summary>
    public Delivery Insert(TaskMessage message, long? parent, DateTime now)
    {
        var start = (ExecutionStartedEvent)message.Event;
        var key = ++_key;
        Db["INSERT INTO instances (key, id, execution, name, version, status, turn, created, updated, scheduled, parent, tags) "
            + "VALUES (?, ?, ?, ?, ?, 6, 0, ?, ?, ?, ?, ?)"]
            .Bind(1, key).Bind(2, start.OrchestrationInstance.InstanceId).Bind(3, start.OrchestrationInstance.ExecutionId)
            .Bind(4, start.Name).Bind(5, start.Version).Bind(6, start.Timestamp.Ticks).Bind(7, now.Ticks)
            .Bind(8, start.ScheduledStartTime).Bind(9, parent).Bind(10, HistoryCodec.Write(start.Tags))
            .Execute();
        Db["INSERT INTO inputs (key, input) VALUES (?, ?)"].Bind(1, key).Bind(2, start.Input).Execute();
        var due = start.ScheduledStartTime is { } at && at > now ? at : (DateTime?)null;
        return due is { } later ? AddTimer(key, message, later, starts: true) : Put(key, message);
    }

    /// <summary>Puts a message into the inbox of the instance it is for.</summary>
    /// <returns>Where it went; <see langword="null"/> when the instance is gone, has ended, or runs under another execution id.</returns>
    public Delivery? Deliver(TaskMessage message, List<Delivery> pulledForward)
    {
        // A failed instance takes one message: that it shall go back to where it failed.
        var condition = message.Event is ExecutionRewoundEvent ? "(status = 3 OR " + Statuses.NotEnded + ")" : Statuses.NotEnded;
        var row = Db[$"SELECT key, turn FROM instances WHERE id = ?1 AND {condition} AND (?2 IS NULL OR execution = ?2)"]
            .Bind(1, message.OrchestrationInstance.InstanceId)
            .Bind(2, string.IsNullOrEmpty(message.OrchestrationInstance.ExecutionId) ? null : message.OrchestrationInstance.ExecutionId);
        if (!row.Step())
        {
            row.Reset();
            return null;
        }

        var (key, turn) = (row.Long(0), row.Int(1));
        row.Reset();
        if (message.Event is ExecutionTerminatedEvent && turn == 0)
        {
            PullStartForward(key, pulledForward);
        }

        return Put(key, message);
    }

    /// <summary>Adds a message that is delivered at its time.</summary>
    public Delivery AddTimer(long key, TaskMessage message, DateTime due, bool starts)
    {
        var seq = ++_seq;
        Db["INSERT INTO timers (key, seq, due, starts, message) VALUES (?, ?, ?, ?, ?)"]
            .Bind(1, key).Bind(2, seq).Bind(3, due.Ticks).Bind(4, starts ? 1 : 0).Bind(5, HistoryCodec.Write(message)).Execute();
        return new Delivery(key, message.OrchestrationInstance.InstanceId, seq, message, due);
    }

    /// <summary>Adds an activity to be run.</summary>
    public ActivityRow AddActivity(long key, TaskMessage message)
    {
        var id = ++_activity;
        Db["INSERT INTO activities (id, key, message) VALUES (?, ?, ?)"]
            .Bind(1, id).Bind(2, key).Bind(3, HistoryCodec.Write(message)).Execute();
        return new ActivityRow(id, key, message);
    }

    /// <summary>Sub-orchestrations of an instance.</summary>
    public List<(long Key, string Id)> Children(long key)
    {
        var rows = Db["SELECT key, id FROM instances WHERE parent = ?"].Bind(1, key);
        var found = new List<(long, string)>();
        while (rows.Step())
        {
            found.Add((rows.Long(0), rows.Text(1)!));
        }

        return found;
    }

    /// <summary>Removes an instance with all that belongs to it.</summary>
    public void Remove(long key)
    {
        RemoveMessages(key);
        Db["DELETE FROM history WHERE key = ?"].Bind(1, key).Execute();
        Db["DELETE FROM inputs WHERE key = ?"].Bind(1, key).Execute();
        Db["DELETE FROM instances WHERE key = ?"].Bind(1, key).Execute();
    }

    /// <summary>Removes the messages and timers of an instance.</summary>
    public void RemoveMessages(long key)
    {
        Db["DELETE FROM inbox WHERE key = ?"].Bind(1, key).Execute();
        Db["DELETE FROM timers WHERE key = ?"].Bind(1, key).Execute();
    }

    public void Dispose()
    {
        _checkpointer?.Dispose();
        Db.Dispose();
    }

    private Delivery Put(long key, TaskMessage message)
    {
        var seq = ++_seq;
        Db["INSERT INTO inbox (key, seq, message) VALUES (?, ?, ?)"]
            .Bind(1, key).Bind(2, seq).Bind(3, HistoryCodec.Write(message)).Execute();
        return new Delivery(key, message.OrchestrationInstance.InstanceId, seq, message, null);
    }

    /// <summary>An instance that is ended before its time starts first: the framework ends only what has started.</summary>
    private void PullStartForward(long key, List<Delivery> pulledForward)
    {
        var row = Db["SELECT seq, message FROM timers WHERE key = ? AND starts = 1"].Bind(1, key);
        if (!row.Step())
        {
            row.Reset();
            return;
        }

        var (seq, message) = (row.Long(0), HistoryCodec.ReadMessage(row.Blob(1)));
        row.Reset();
        Db["DELETE FROM timers WHERE key = ? AND seq = ?"].Bind(1, key).Bind(2, seq).Execute();
        pulledForward.Add(Put(key, message) with { OthersWait = true });
    }
}
