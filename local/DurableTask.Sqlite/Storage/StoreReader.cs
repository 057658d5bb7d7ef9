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
    private const string Select = "SELECT i.key, i.id, i.execution, i.name, i.version, i.status, i.created, i.updated, i.completed, "
        + "i.scheduled, i.tags, i.custom_status, p.id, p.execution, p.name, i.failure, i.output, n.input "
        + "FROM instances i JOIN inputs n ON n.key = i.key LEFT JOIN instances p ON p.key = i.parent WHERE ";

    private readonly ConcurrentBag<Connection> _idle = [];
    private volatile bool _disposed;

    /// <summary>State and history of an instance; <see langword="null"/> when it is gone.</summary>
    public StoredRun? LoadRun(long key) => Read(db =>
    {
        // One snapshot, so that state and history belong together.
        db.Execute("BEGIN");
        var row = db["SELECT i.turn, i.status, i.custom_status, n.input FROM instances i JOIN inputs n ON n.key = i.key WHERE i.key = ?"]
            .Bind(1, key)
            .First(row => (Turn: row.Int(0), Status: (OrchestrationStatus)row.Int(1), Custom: row.Text(2), Input: row.Text(3)));
        var run = row is { } found
            ? new StoredRun(found.Turn, found.Status.HasEnded(), found.Custom, ReadHistory(db, key, found.Input))
            : null;
        db.Execute("COMMIT");
        return run;
    });

    /// <summary>Messages of an instance, with the timers that fired up to a point.</summary>
    public List<WaitingMessage> Messages(long key, (DateTime Due, long Seq) firedUpTo) => Read(db =>
    {
        var found = db["SELECT seq, message, 0 AS due FROM inbox WHERE key = ?1 UNION ALL "
            + "SELECT seq, message, due FROM timers WHERE key = ?1 AND (due, seq) <= (?2, ?3) ORDER BY due, seq"]
            .Bind(1, key).Bind(2, firedUpTo.Due.Ticks).Bind(3, firedUpTo.Seq)
            .All(row => new WaitingMessage(row.Long(0), Codec.ReadMessage(row.Blob(1))));
        foreach (var started in found.Select(waiting => waiting.Message.Event).OfType<ExecutionStartedEvent>())
            started.Input = db["SELECT input FROM inputs WHERE key = ?"].Bind(1, key).All(row => row.Text(0)).FirstOrDefault();

        return found;
    });

    /// <summary>The key of an instance.</summary>
    public long? FindKey(string id) => Read(db => db["SELECT key FROM instances WHERE id = ?"].Bind(1, id).First(row => row.Long(0)));

    /// <summary>An instance as a client sees it.</summary>
    public OrchestrationState? FindInstance(string id, bool withData)
        => Read(db => db[Select + "i.id = ?"].Bind(1, id).All(row => ReadInstance(row, withData))).FirstOrDefault();

    /// <summary>History of an instance; <see langword="null"/> when there is none of the id.</summary>
    public IList<HistoryEvent>? FindHistory(string id) => FindKey(id) is { } key ? LoadRun(key)?.History : null;

    /// <summary>A page of instances in the order they were created, from a place on.</summary>
    public List<(long Created, long Key, OrchestrationState State)> Query(
        OrchestrationQuery query, (long Created, long Key) after, int size) => Read(db =>
        {
            // With a prefix the rows are found by their ids; the plus sign keeps the other index out.
            var hasPrefix = !string.IsNullOrEmpty(query.InstanceIdPrefix);
            var where = new StringBuilder(hasPrefix
                ? "i.id >= ?5 AND i.id < ?5 || char(1114111) AND (+i.created, i.key) > (?1, ?2) AND +i.created BETWEEN ?3 AND ?4"
                : "(i.created, i.key) > (?1, ?2) AND i.created BETWEEN ?3 AND ?4 AND ?5 IS NULL");
            AppendStatuses(where, "i.status", query.RuntimeStatus);
            return db[$"{Select}{where} ORDER BY {(hasPrefix ? "+" : string.Empty)}i.created, i.key LIMIT ?6"]
                .Bind(1, after.Created).Bind(2, after.Key)
                .Bind(3, query.CreatedTimeFrom?.ToUniversalTime().Ticks ?? 0)
                .Bind(4, query.CreatedTimeTo?.ToUniversalTime().Ticks ?? long.MaxValue)
                .Bind(5, hasPrefix ? query.InstanceIdPrefix : null).Bind(6, size)
                .All(row => (row.Long(6), row.Long(0), ReadInstance(row, query.FetchInputsAndOutputs)));
        });

    /// <summary>Ended instances whose time in the given column lies in a range, from a place on.</summary>
    public List<(long Time, long Key)> Ended(
        string column, DateTime from, DateTime to, IEnumerable<OrchestrationStatus>? statuses, (long Time, long Key) after, int size) =>
        Read(db =>
    {
        var where = new StringBuilder($"({column}, key) > (?1, ?2) AND {column} >= ?3 AND {column} <= ?4 AND NOT {Statuses.NotEnded}");
        AppendStatuses(where, "status", statuses);
        return db[$"SELECT {column}, key FROM instances WHERE {where} ORDER BY {column}, key LIMIT ?5"]
            .Bind(1, after.Time).Bind(2, after.Key).Bind(3, from.Ticks).Bind(4, to.Ticks).Bind(5, size)
            .All(row => (row.Long(0), row.Long(1)));
    });

    /// <summary>Activities numbered above a given one.</summary>
    public List<ActivityRow> Activities(long afterId, int size) => Read(db =>
        db["SELECT id, key, message FROM activities WHERE id > ? ORDER BY id LIMIT ?"].Bind(1, afterId).Bind(2, size)
            .All(row => new ActivityRow(row.Long(0), row.Long(1), Codec.ReadMessage(row.Blob(2)))));

    /// <summary>The message of an activity; <see langword="null"/> when it is done.</summary>
    public TaskMessage? FindActivity(long id) => Activities(id - 1, 1).SingleOrDefault(row => row.Id == id)?.Message;

    /// <summary>Timers due by a time and after a place, that were numbered by a given time.</summary>
    public List<TimerRow> DueTimers((DateTime Due, long Seq) after, DateTime until, long lastSeq, int size) => Read(db =>
        db["SELECT t.due, t.seq, t.key, i.id, t.starts, t.message FROM timers t JOIN instances i ON i.key = t.key "
            + "WHERE (t.due, t.seq) > (?1, ?2) AND t.due <= ?3 AND t.seq <= ?4 ORDER BY t.due, t.seq LIMIT ?5"]
            .Bind(1, after.Due.Ticks).Bind(2, after.Seq).Bind(3, until.Ticks).Bind(4, lastSeq).Bind(5, size)
            .All(row => new TimerRow(
                row.Time(0), row.Long(1), row.Long(2), row.Text(3)!, row.Long(4) == 1, Codec.ReadMessage(row.Blob(5)))));

    /// <summary>When the first timer after a place is due.</summary>
    public DateTime? NextTimer((DateTime Due, long Seq) after) => Read(db =>
        db["SELECT due FROM timers WHERE (due, seq) > (?1, ?2) ORDER BY due, seq LIMIT 1"].Bind(1, after.Due.Ticks).Bind(2, after.Seq)
            .First(row => row.Time(0)));

    /// <summary>Instances that have messages.</summary>
    public List<(long Key, string Id)> WithMessages() => Read(db =>
        db["SELECT DISTINCT m.key, i.id FROM inbox m JOIN instances i ON i.key = m.key ORDER BY m.key"]
            .All(row => (row.Long(0), row.Text(1)!)));

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }

    private static OrchestrationState ReadInstance(Statement row, bool withData) => new()
    {
        OrchestrationInstance = new OrchestrationInstance { InstanceId = row.Text(1), ExecutionId = row.Text(2) },
        Name = row.Text(3),
        Version = row.Text(4),
        OrchestrationStatus = (OrchestrationStatus)row.Int(5),
        CreatedTime = row.Time(6),
        LastUpdatedTime = row.Time(7),
        CompletedTime = row.IsNull(8) ? DateTime.MaxValue.ToUniversalTime() : row.Time(8),
        ScheduledStartTime = row.IsNull(9) ? null : row.Time(9),
        Tags = Codec.ReadTags(row.Blob(10)),
        Status = row.Text(11),
        ParentInstance = row.IsNull(12)
            ? null
            : new ParentInstance
            {
                OrchestrationInstance = new OrchestrationInstance { InstanceId = row.Text(12), ExecutionId = row.Text(13) },
                Name = row.Text(14),
            },
        FailureDetails = Codec.ReadFailure(row.Blob(15)),
        Output = withData ? row.Text(16) : null,
        Input = withData ? row.Text(17) : null,
    };

    private static List<HistoryEvent> ReadHistory(Connection db, long key, string? input)
    {
        var history = db["SELECT events FROM history WHERE key = ? ORDER BY turn"].Bind(1, key)
            .All(row => Codec.ReadEvents(row.Blob(0))).SelectMany(turn => turn).ToList();
        foreach (var started in history.OfType<ExecutionStartedEvent>())
            started.Input = input;

        return history;
    }

    private static void AppendStatuses(StringBuilder where, string column, IEnumerable<OrchestrationStatus>? statuses)
    {
        if (statuses?.Select(status => ((int)status).ToString(CultureInfo.InvariantCulture)).ToList() is { Count: > 0 } wanted)
            where.Append(CultureInfo.InvariantCulture, $" AND {column} IN ({string.Join(", ", wanted.Distinct().Order())})");
    }

    private T Read<T>(Func<Connection, T> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_idle.TryTake(out var connection))
            connection = new Connection(path, readOnly: true);

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
