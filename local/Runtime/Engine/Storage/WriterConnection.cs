using DurableTask.Core;
using DurableTask.Core.History;

namespace OmsWorkflows.Local.Runtime.Engine.Storage;

/// <summary>The connection that writes, with the counters it numbers rows by. Only the writer touches it.</summary>
internal sealed class WriterConnection : IDisposable
{
    /// <summary>Generation of messages that go to whatever run there is.</summary>
    public const int AnyGeneration = -1;

    private const string NotEnded = "status NOT IN (1, 3, 5)";

    private readonly Checkpointer? _checkpointer;
    private long _key;
    private long _inbox;
    private long _activity;
    private long _carried;

    public WriterConnection(string path, bool durable, Action<StoreException> checkpointFailed)
    {
        Db = new Connection(path, readOnly: false);
        try
        {
            Schema.Prepare(Db, path);
            Db.Execute(Pragmas(durable));
            _checkpointer = durable ? new Checkpointer(path, checkpointFailed) : null;
            _key = Db.Number("SELECT max(key) FROM instances");
            _inbox = Math.Max(0, Db.Number("SELECT max(seq) FROM inbox"));
            _activity = Db.Number("SELECT max(id) FROM activities");
            _carried = Math.Min(Db.Number("SELECT coalesce(max(seq), 0) FROM inbox WHERE seq < 0"), 0);
            _carried = _carried == 0 ? long.MinValue / 2 : _carried;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Connection Db { get; }

    /// <summary>How the file is written.</summary>
    public static string Pragmas(bool durable) =>
        $"PRAGMA journal_mode = WAL; PRAGMA synchronous = {(durable ? "FULL" : "OFF")}; PRAGMA wal_autocheckpoint = 8000; "
        + "PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;";

    public long NextActivity() => ++_activity;

    /// <summary>Commits the open transaction.</summary>
    public void Commit()
    {
        Db.Execute("COMMIT");
        _checkpointer?.Committed(Db.ChangedRows);
    }

    /// <summary>Inserts an instance.</summary>
    /// <returns>Its key.</returns>
    public long Insert(NewInstance instance)
    {
        var key = ++_key;
        Db["INSERT INTO instances (key, id, name, version, status, generation, turn, created, updated, start_at, tags, "
            + "parent, parent_generation, parent_step, trace) VALUES (?, ?, ?, ?, 6, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?)"]
            .Bind(1, key).Bind(2, instance.Id).Bind(3, instance.Name).Bind(4, instance.Version)
            .Bind(5, instance.Created.Ticks).Bind(6, instance.Created.Ticks).Bind(7, instance.StartAt).Bind(8, TagCodec.Write(instance.Tags))
            .Bind(9, instance.Parent is { } p ? p.InstanceKey : null).Bind(10, instance.Parent?.Generation).Bind(11, instance.Parent?.StepId)
            .Bind(12, instance.Trace)
            .Execute();
        Db["INSERT INTO inputs (key, input) VALUES (?, ?)"].Bind(1, key).Bind(2, instance.Input).Execute();
        return key;
    }

    /// <summary>The instance of an id, with its status.</summary>
    public (long Key, OrchestrationStatus Status)? Find(string id)
    {
        var row = Db["SELECT key, status FROM instances WHERE id = ?"].Bind(1, id);
        (long, OrchestrationStatus)? found = row.Step() ? (row.Long(0), (OrchestrationStatus)row.Int(1)) : null;
        row.Reset();
        return found;
    }

    /// <summary>Puts a message into the inbox of an instance that has not ended.</summary>
    /// <returns>Where it went; <see langword="null"/> when it was dropped.</returns>
    public Delivery? Deliver(string id, HistoryEvent message) => Deliver(
        Db[$"INSERT INTO inbox (seq, key, generation, event) SELECT ?, key, ?, ? FROM instances WHERE id = ? AND {NotEnded} RETURNING key"]
            .Bind(4, id),
        AnyGeneration,
        message);

    /// <inheritdoc cref="Deliver(string, HistoryEvent)"/>
    public Delivery? Deliver(long key, int generation, HistoryEvent message) => Deliver(
        Db["INSERT INTO inbox (seq, key, generation, event) "
            + $"SELECT ?, key, ?, ? FROM instances WHERE key = ?4 AND (?2 = -1 OR generation = ?2) AND {NotEnded} RETURNING key"]
            .Bind(4, key),
        generation,
        message);

    /// <summary>Puts an event in front of all others of the instance, after those carried over before.</summary>
    public Delivery CarryOver(long key, HistoryEvent message)
    {
        var seq = ++_carried;
        Db["INSERT INTO inbox (seq, key, generation, event) VALUES (?, ?, -1, ?)"]
            .Bind(1, seq).Bind(2, key).Bind(3, HistoryCodec.Write(message)).Execute();
        return new Delivery(key, seq, AnyGeneration, message);
    }

    /// <summary>Keys of the sub-orchestrations of an instance.</summary>
    public List<long> Children(long key)
    {
        var rows = Db["SELECT key FROM instances WHERE parent = ?"].Bind(1, key);
        var keys = new List<long>();
        while (rows.Step())
        {
            keys.Add(rows.Long(0));
        }

        return keys;
    }

    /// <summary>Tells the caller of a sub-orchestration that has not ended that it never will.</summary>
    /// <returns>Where the answer went; <see langword="null"/> when nobody waits for one.</returns>
    public Delivery? AnswerCaller(long key, string reason, DateTime now)
    {
        var row = Db[$"SELECT parent, parent_generation, parent_step FROM instances WHERE key = ? AND parent IS NOT NULL AND {NotEnded}"]
            .Bind(1, key);
        if (!row.Step())
        {
            row.Reset();
            return null;
        }

        var (parent, generation, step) = (row.Long(0), row.Int(1), row.Int(2));
        row.Reset();
        return Deliver(parent, generation, new SubOrchestrationInstanceFailedEvent(-1, step, reason, null, null) { Timestamp = now });
    }

    /// <summary>Removes an instance with all that belongs to it.</summary>
    public void Remove(long key)
    {
        Db["DELETE FROM history WHERE key = ?"].Bind(1, key).Execute();
        Db["DELETE FROM inbox WHERE key = ?"].Bind(1, key).Execute();
        Db["DELETE FROM timers WHERE key = ?"].Bind(1, key).Execute();
        Db["DELETE FROM inputs WHERE key = ?"].Bind(1, key).Execute();
        Db["DELETE FROM instances WHERE key = ?"].Bind(1, key).Execute();
    }

    /// <summary>Gives up the open transaction, if there is one.</summary>
    public void RollBack()
    {
        if (Db.IsInTransaction)
        {
            Db.Execute("ROLLBACK");
        }
    }

    public void Dispose()
    {
        _checkpointer?.Dispose();
        Db.Dispose();
    }

    private Delivery? Deliver(Statement insert, int generation, HistoryEvent message)
    {
        var seq = _inbox + 1;
        insert.Bind(1, seq).Bind(2, generation).Bind(3, HistoryCodec.Write(message));
        if (!insert.Step())
        {
            insert.Reset();
            return null;
        }

        var key = insert.Long(0);
        insert.Execute();
        _inbox = seq;
        return new Delivery(key, seq, generation, message);
    }
}
