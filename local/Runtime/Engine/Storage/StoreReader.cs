using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Local.Runtime.Engine.Replay;

namespace OmsWorkflows.Local.Runtime.Engine.Storage;

/// <summary>Reads the database beside the writer: what is committed, without waiting for it.</summary>
internal sealed class StoreReader(string path) : IDisposable
{
    private const string Columns = "i.key, i.id, i.name, i.status, i.created, i.updated, i.version, i.tags";

    private readonly ConcurrentBag<Connection> _idle = [];

    /// <summary>All of an instance; <see langword="null"/> when it is gone.</summary>
    public StoredRun? LoadRun(long key) => Read(db =>
    {
        // One transaction, so that history and inbox belong together.
        db.Execute("BEGIN");
        try
        {
            var row = db["SELECT i.id, i.name, i.version, i.status, i.generation, i.turn, i.updated, i.tags, n.input, "
                + "i.parent, i.parent_generation, i.parent_step, p.id, p.name, i.start_at FROM instances i JOIN inputs n ON n.key = i.key "
                + "LEFT JOIN instances p ON p.key = i.parent WHERE i.key = ?"].Bind(1, key);
            if (!row.Step())
            {
                row.Reset();
                return null;
            }

            var parent = row.IsNull(9) || row.IsNull(12)
                ? null
                : new ParentLink(row.Long(9), row.Int(10), row.Int(11), row.Text(12)!, row.Text(13)!);
            var header = new RunHeader(
                key, row.Text(0)!, row.Text(1)!, row.Text(2)!, row.Int(4), row.Text(8), parent, TagCodec.Read(row.Blob(7)));
            var run = new StoredRun(header, (OrchestrationStatus)row.Int(3), row.Int(5), row.Time(6), row.TimeOrNull(14), [], []);
            row.Reset();

            if (!run.HasEnded)
            {
                run.History.AddRange(ReadHistory(db, key));
            }

            run.Inbox.AddRange(ReadInbox(db, key));
            return run;
        }
        finally
        {
            db.Execute("COMMIT");
        }
    });

    /// <summary>An instance as a client sees it.</summary>
    public InstanceRow? FindInstance(string id, bool withData) => Read(db =>
    {
        var row = Select(db, "i.id = ?", withData).Bind(1, id);
        var found = row.Step() ? ReadInstance(row, withData) : null;
        row.Reset();
        return found;
    });

    /// <summary>History of an instance; <see langword="null"/> when there is none of the id.</summary>
    public List<HistoryEvent>? FindHistory(string id) => Read(db =>
    {
        var row = db["SELECT i.key, n.input FROM instances i JOIN inputs n ON n.key = i.key WHERE i.id = ?"].Bind(1, id);
        if (!row.Step())
        {
            row.Reset();
            return null;
        }

        var key = row.Long(0);
        var input = row.Text(1);
        row.Reset();
        var history = ReadHistory(db, key);
        foreach (var started in history.OfType<ExecutionStartedEvent>())
        {
            started.Input = input;
        }

        return history;
    });

    /// <summary>A page of instances in the order they were created.</summary>
    public List<InstanceRow> Query(OrchestrationQuery query, long afterKey, int size) => Read(db =>
    {
        var where = new StringBuilder("i.key > ?1 AND i.created >= ?2 AND i.created <= ?3 AND substr(i.id, 1, ?5) = ?4 COLLATE NOCASE");
        AppendStatuses(where, query.Statuses);
        where.Append(CultureInfo.InvariantCulture, $" ORDER BY i.key LIMIT {size}");
        var prefix = query.InstanceIdPrefix ?? string.Empty;
        var rows = Select(db, where.ToString(), query.FetchInputsAndOutputs)
            .Bind(1, afterKey)
            .Bind(2, query.CreatedFrom?.UtcTicks ?? 0)
            .Bind(3, query.CreatedTo?.UtcTicks ?? long.MaxValue)
            .Bind(4, prefix)
            .Bind(5, prefix.Length);
        var page = new List<InstanceRow>();
        while (rows.Step())
        {
            page.Add(ReadInstance(rows, query.FetchInputsAndOutputs));
        }

        return page;
    });

    /// <summary>Ended instances by when they ended, then by key.</summary>
    public List<(long Completed, long Key, string Id)> QueryEnded(
        IEnumerable<OrchestrationRuntimeStatus>? statuses, DateTimeOffset? from, DateTimeOffset? to, (long Completed, long Key) after, int size) =>
        Read(db =>
        {
            var where = new StringBuilder("(completed, key) > (?1, ?2) AND completed >= ?3 AND completed <= ?4");
            AppendStatuses(where, statuses);
            var rows = db[$"SELECT completed, key, id FROM instances i WHERE {where} ORDER BY completed, key LIMIT ?5"]
                .Bind(1, after.Completed).Bind(2, after.Key).Bind(3, from?.UtcTicks ?? 0).Bind(4, to?.UtcTicks ?? long.MaxValue).Bind(5, size);
            var page = new List<(long, long, string)>();
            while (rows.Step())
            {
                page.Add((rows.Long(0), rows.Long(1), rows.Text(2)!));
            }

            return page;
        });

    /// <summary>The span that started an instance, or the outermost of its callers.</summary>
    public string? FindTrace(long key) => Read(db =>
    {
        var row = db["WITH RECURSIVE up (parent, trace) AS (SELECT parent, trace FROM instances WHERE key = ? UNION ALL "
            + "SELECT i.parent, i.trace FROM up JOIN instances i ON i.key = up.parent WHERE up.trace IS NULL) "
            + "SELECT trace FROM up WHERE trace IS NOT NULL LIMIT 1"].Bind(1, key);
        var trace = row.Step() ? row.Text(0) : null;
        row.Reset();
        return trace;
    });

    /// <summary>Activities numbered above a given one.</summary>
    public List<ActivityRow> Activities(long afterId, int size) => Read(db =>
    {
        var rows = db["SELECT id, key, generation, step, instance_id, name, version, input FROM activities WHERE id > ? ORDER BY id LIMIT ?"]
            .Bind(1, afterId).Bind(2, size);
        var found = new List<ActivityRow>();
        while (rows.Step())
        {
            found.Add(new ActivityRow(
                rows.Long(0), rows.Long(1), rows.Int(2), rows.Int(3), rows.Text(4)!, rows.Text(5)!, rows.Text(6)!, rows.Text(7)));
        }

        return found;
    });

    /// <summary>The next timers by due time.</summary>
    public List<TimerRow> Timers(int size) => Read(db =>
    {
        var rows = db["SELECT key, generation, step, due FROM timers ORDER BY due LIMIT ?"].Bind(1, size);
        var found = new List<TimerRow>();
        while (rows.Step())
        {
            found.Add(new TimerRow(rows.Long(0), rows.Int(1), rows.Int(2), rows.Time(3)));
        }

        return found;
    });

    /// <summary>Instances that have not started, with the time they may.</summary>
    public List<(long Key, DateTime? StartAt)> Pending() => Read(db =>
    {
        var rows = db["SELECT key, start_at FROM instances WHERE status = 6 ORDER BY key"];
        var found = new List<(long, DateTime?)>();
        while (rows.Step())
        {
            found.Add((rows.Long(0), rows.TimeOrNull(1)));
        }

        return found;
    });

    /// <summary>Instances that have started over, or have messages they did not look at.</summary>
    public List<long> WithWork() => Read(db =>
    {
        var rows = db["SELECT DISTINCT key FROM inbox UNION SELECT key FROM instances WHERE status = 0 AND turn = 0"];
        var found = new List<long>();
        while (rows.Step())
        {
            found.Add(rows.Long(0));
        }

        return found;
    });

    public void Dispose()
    {
        foreach (var connection in _idle)
        {
            connection.Dispose();
        }
    }

    private static Statement Select(Connection db, string where, bool withData) => db[withData
        ? $"SELECT {Columns}, n.input, i.output, i.custom_status, i.failure FROM instances i JOIN inputs n ON n.key = i.key WHERE {where}"
        : $"SELECT {Columns} FROM instances i WHERE {where}"];

    private static InstanceRow ReadInstance(Statement row, bool withData) => new(
        row.Long(0),
        row.Text(1)!,
        row.Text(2)!,
        (OrchestrationStatus)row.Int(3),
        row.Time(4),
        row.Time(5),
        row.Text(6)!,
        TagCodec.Read(row.Blob(7)),
        withData ? row.Text(8) : null,
        withData ? row.Text(9) : null,
        withData ? row.Text(10) : null,
        withData ? HistoryCodec.ReadFailure(row.Blob(11)) : null);

    private static List<HistoryEvent> ReadHistory(Connection db, long key)
    {
        var rows = db["SELECT events FROM history WHERE key = ? ORDER BY turn"].Bind(1, key);
        var history = new List<HistoryEvent>();
        while (rows.Step())
        {
            history.AddRange(HistoryCodec.Read(rows.Blob(0)));
        }

        return history;
    }

    private static List<Delivery> ReadInbox(Connection db, long key)
    {
        var rows = db["SELECT seq, generation, event FROM inbox WHERE key = ? ORDER BY seq"].Bind(1, key);
        var inbox = new List<Delivery>();
        while (rows.Step())
        {
            inbox.Add(new Delivery(key, rows.Long(0), rows.Int(1), HistoryCodec.Read(rows.Blob(2))[0]));
        }

        return inbox;
    }

    private static void AppendStatuses(StringBuilder where, IEnumerable<OrchestrationRuntimeStatus>? statuses)
    {
        if (statuses?.Select(status => ((int)status).ToString(CultureInfo.InvariantCulture)).ToList() is { Count: > 0 } wanted)
        {
            where.Append(CultureInfo.InvariantCulture, $" AND i.status IN ({string.Join(", ", wanted.Distinct().Order())})");
        }
    }

    private T Read<T>(Func<Connection, T> read)
    {
        if (!_idle.TryTake(out var connection))
        {
            connection = new Connection(path, readOnly: true);
        }

        try
        {
            return read(connection);
        }
        finally
        {
            _idle.Add(connection);
        }
    }
}
