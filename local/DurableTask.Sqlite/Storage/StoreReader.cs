using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Query;

namespace DurableTask.Sqlite.Storage;

/// <summary>Reads the database beside the writer: what is committed, without waiting for it.</summary>
internal sealed class StoreReader(string path) : IDisposable
{
    private const string Columns = "i.key, i.id, i.execution, i.name, i.version, i.status, i.created, i.updated, i.completed, i.scheduled, "
        + "i.tags, i.custom_status, p.id, p.execution, p.name, i.failure, i.output, n.input";

    private readonly ConcurrentBag<Connection> _idle = [];
    private volatile bool _disposed;

    /// <summary>State and history of an instance; <see langword="null"/> when it is gone.</summary>
    public StoredRun? LoadRun(long key) => Read(db =>
    {
        db.Execute("BEGIN");
        try
        {
            var row = db["SELECT i.turn, i.status, i.custom_status, n.input FROM instances i JOIN inputs n ON n.key = i.key WHERE i.key = ?"]
                .Bind(1, key);
            if (!row.Step())
            {
                row.Reset();
                return null;
            }

            var status = (OrchestrationStatus)row.Int(1);
            var (turn, custom, input) = (row.Int(0), row.Text(2), row.Text(3));
            row.Reset();
            return new StoredRun(turn, status, custom, ReadHistory(db, key, input));
        }
        finally
        {
            db.Execute("COMMIT");
        }
    });

    /// <summary>Messages of an instance, with the timers that fired up to a point.</summary>
    public List<WaitingMessage> Messages(long key, (DateTime Due, long Seq) firedUpTo) => Read(db =>
    {
        var rows = db["SELECT seq, message, 0 AS due FROM inbox WHERE key = ?1 UNION ALL "
            + "SELECT seq, message, due FROM timers WHERE key = ?1 AND (due, seq) <= (?2, ?3) ORDER BY due, seq"]
            .Bind(1, key).Bind(2, firedUpTo.Due.Ticks).Bind(3, firedUpTo.Seq);
        var found = new List<WaitingMessage>();
        while (rows.Step())
        {
            found.Add(new WaitingMessage(rows.Long(0), HistoryCodec.ReadMessage(rows.Blob(1))));
        }

        var input = new Lazy<string?>(() => Input(db, key));
        foreach (var started in found.Select(waiting => waiting.Message.Event).OfType<ExecutionStartedEvent>())
        {
            started.Input = input.Value;
        }

        return found;
    });

    /// <summary>An instance as a client sees it.</summary>
    public OrchestrationState? FindInstance(string id, bool withData) => Read(db =>
    {
        var row = Select(db, "i.id = ?").Bind(1, id);
        var found = row.Step() ? ReadInstance(row, withData) : null;
        row.Reset();
        return found;
    });

    /// <summary>The key of an instance.</summary>
    public long? FindKey(string id) => Read(db =>
    {
        var row = db["SELECT key FROM instances WHERE id = ?"].Bind(1, id);
        long? key = row.Step() ? row.Long(0) : null;
        row.Reset();
        return key;
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

        var (key, input) = (row.Long(0), row.Text(1));
        row.Reset();
        return ReadHistory(db, key, input);
    });

    /// <summary>A page of instances in the order they were created, from a place on.</summary>
    public List<(long Created, long Key, OrchestrationState State)> Query(OrchestrationQuery query, (long Created, long Key) after, int size) =>
        Read(db =>
        {
            var where = new StringBuilder("(i.created, i.key) > (?1, ?2) AND i.created >= ?3 AND i.created <= ?4 AND substr(i.id, 1, ?6) = ?5");
            AppendStatuses(where, "i.status", query.RuntimeStatus);
            if (query.ExcludeEntities)
            {
                where.Append(" AND i.id NOT LIKE '@%'");
            }

            where.Append(CultureInfo.InvariantCulture, $" ORDER BY i.created, i.key LIMIT {size}");
            var prefix = query.InstanceIdPrefix ?? string.Empty;
            var rows = Select(db, where.ToString())
                .Bind(1, after.Created).Bind(2, after.Key)
                .Bind(3, query.CreatedTimeFrom?.ToUniversalTime().Ticks ?? 0)
                .Bind(4, query.CreatedTimeTo?.ToUniversalTime().Ticks ?? long.MaxValue)
                .Bind(5, prefix).Bind(6, prefix.Length);
            var page = new List<(long, long, OrchestrationState)>();
            while (rows.Step())
            {
                page.Add((rows.Long(6), rows.Long(0), ReadInstance(rows, query.FetchInputsAndOutputs)));
            }

            return page;
        });

    /// <summary>Ended instances whose time in the given column lies in a range, from a place on.</summary>
    public List<(long Time, long Key)> Ended(
        string column, DateTime from, DateTime to, IEnumerable<OrchestrationStatus>? statuses, (long Time, long Key) after, int size) => Read(db =>
    {
        var where = new StringBuilder($"({column}, key) > (?1, ?2) AND {column} >= ?3 AND {column} <= ?4 AND status IN (1, 3, 4, 5)");
        AppendStatuses(where, "status", statuses);
        var rows = db[$"SELECT {column}, key FROM instances WHERE {where} ORDER BY {column}, key LIMIT ?5"]
            .Bind(1, after.Time).Bind(2, after.Key).Bind(3, from.Ticks).Bind(4, to.Ticks).Bind(5, size);
        var page = new List<(long, long)>();
        while (rows.Step())
        {
            page.Add((rows.Long(0), rows.Long(1)));
        }

        return page;
    });

    /// <summary>Activities numbered above a given one.</summary>
    public List<ActivityRow> Activities(long afterId, int size) => Read(db =>
    {
        var rows = db["SELECT id, key, message FROM activities WHERE id > ? ORDER BY id LIMIT ?"].Bind(1, afterId).Bind(2, size);
        var found = new List<ActivityRow>();
        while (rows.Step())
        {
            found.Add(new ActivityRow(rows.Long(0), rows.Long(1), HistoryCodec.ReadMessage(rows.Blob(2))));
        }

        return found;
    });

    /// <summary>Timers due by a time and after a place, that were numbered by a given time.</summary>
    public List<TimerRow> DueTimers((DateTime Due, long Seq) after, DateTime until, long lastSeq, int size) => Read(db =>
    {
        var rows = db["SELECT t.due, t.seq, t.key, i.id, t.starts, t.message FROM timers t JOIN instances i ON i.key = t.key "
            + "WHERE (t.due, t.seq) > (?1, ?2) AND t.due <= ?3 AND t.seq <= ?4 ORDER BY t.due, t.seq LIMIT ?5"]
            .Bind(1, after.Due.Ticks).Bind(2, after.Seq).Bind(3, until.Ticks).Bind(4, lastSeq).Bind(5, size);
        var found = new List<TimerRow>();
        while (rows.Step())
        {
            found.Add(new TimerRow(
                rows.Time(0), rows.Long(1), rows.Long(2), rows.Text(3)!, rows.Long(4) == 1, HistoryCodec.ReadMessage(rows.Blob(5))));
        }

        return found;
    });

    /// <summary>When the first timer after a place is due.</summary>
    public DateTime? NextTimer((DateTime Due, long Seq) after) => Read(db =>
    {
        var row = db["SELECT due FROM timers WHERE (due, seq) > (?1, ?2) ORDER BY due, seq LIMIT 1"].Bind(1, after.Due.Ticks).Bind(2, after.Seq);
        DateTime? due = row.Step() ? row.Time(0) : null;
        row.Reset();
        return due;
    });

    /// <summary>Instances that have messages.</summary>
    public List<(long Key, string Id)> WithMessages() => Read(db =>
    {
        var rows = db["SELECT DISTINCT m.key, i.id FROM inbox m JOIN instances i ON i.key = m.key ORDER BY m.key"];
        var found = new List<(long, string)>();
        while (rows.Step())
        {
            found.Add((rows.Long(0), rows.Text(1)!));
        }

        return found;
    });

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private static Statement Select(Connection db, string where) => db[
        $"SELECT {Columns} FROM instances i JOIN inputs n ON n.key = i.key LEFT JOIN instances p ON p.key = i.parent WHERE {where}"];

    private static OrchestrationState ReadInstance(Statement row, bool withData) => new()
    {
        OrchestrationInstance = new OrchestrationInstance { InstanceId = row.Text(1), ExecutionId = row.Text(2) },
        Name = row.Text(3),
        Version = row.Text(4),
        OrchestrationStatus = (OrchestrationStatus)row.Int(5),
        CreatedTime = row.Time(6),
        LastUpdatedTime = row.Time(7),
        CompletedTime = row.TimeOrNull(8) ?? DateTime.MaxValue.ToUniversalTime(),
        ScheduledStartTime = row.TimeOrNull(9),
        Tags = HistoryCodec.ReadTags(row.Blob(10)),
        Status = row.Text(11),
        ParentInstance = row.IsNull(12)
            ? null
            : new ParentInstance
            {
                OrchestrationInstance = new OrchestrationInstance { InstanceId = row.Text(12), ExecutionId = row.Text(13) },
                Name = row.Text(14),
            },
        FailureDetails = HistoryCodec.ReadFailure(row.Blob(15)),
        Output = withData ? row.Text(16) : null,
        Input = withData ? row.Text(17) : null,
    };

    private static List<HistoryEvent> ReadHistory(Connection db, long key, string? input)
    {
        var rows = db["SELECT events FROM history WHERE key = ? ORDER BY turn"].Bind(1, key);
        var history = new List<HistoryEvent>();
        while (rows.Step())
        {
            history.AddRange(HistoryCodec.Read(rows.Blob(0)));
        }

        foreach (var started in history.OfType<ExecutionStartedEvent>())
        {
            started.Input = input;
        }

        return history;
    }

    private static string? Input(Connection db, long key)
    {
        var row = db["SELECT input FROM inputs WHERE key = ?"].Bind(1, key);
        var input = row.Step() ? row.Text(0) : null;
        row.Reset();
        return input;
    }

    private static void AppendStatuses(StringBuilder where, string column, IEnumerable<OrchestrationStatus>? statuses)
    {
        if (statuses?.Select(status => ((int)status).ToString(CultureInfo.InvariantCulture)).ToList() is { Count: > 0 } wanted)
        {
            where.Append(CultureInfo.InvariantCulture, $" AND {column} IN ({string.Join(", ", wanted.Distinct().Order())})");
        }
    }

    private T Read<T>(Func<Connection, T> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idle.TryTake(out var connection))
        {
            connection = new Connection(path, readOnly: true);
        }

        var sound = false;
        try
        {
            var found = read(connection);
            sound = true;
            return found;
        }
        finally
        {
            if (sound && !_disposed)
            {
                _idle.Add(connection);
            }
            else
            {
                // A statement that stopped midway would keep its snapshot, and the log could not start over.
                connection.Dispose();
            }
        }
    }
}
