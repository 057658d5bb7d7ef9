using SQLitePCL;

namespace DurableTask.Sqlite.Storage;

/// <summary>A prepared statement. Not thread-safe: it belongs to the connection it was prepared on.</summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    public Statement(sqlite3 connection, string sql)
    {
        _connection = connection;
        SqliteStoreException.ThrowOnError(
            connection, raw.sqlite3_prepare_v3(connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Binds the next values from parameter 1 on; starts afresh.</summary>
    public Statement Reset()
    {
        _ = raw.sqlite3_reset(_statement);
        return this;
    }

    public Statement Bind(int index, long value)
    {
        SqliteStoreException.ThrowOnError(_connection, raw.sqlite3_bind_int64(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, string? value)
    {
        SqliteStoreException.ThrowOnError(
            _connection, value is null ? raw.sqlite3_bind_null(_statement, index) : raw.sqlite3_bind_text(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, byte[]? value)
    {
        SqliteStoreException.ThrowOnError(
            _connection, value is null ? raw.sqlite3_bind_null(_statement, index) : raw.sqlite3_bind_blob(_statement, index, value));
        return this;
    }

    public Statement Bind(int index, long? value) => value is { } number ? Bind(index, number) : Bind(index, (string?)null);

    public Statement Bind(int index, DateTime? value)
        => value is { } time ? Bind(index, time.Ticks) : Bind(index, (string?)null);

    /// <summary>Whether there is a (further) row.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;

        if (code != raw.SQLITE_DONE)
        {
            // The reset repeats the error and clears it.
            var error = SqliteStoreException.From(_connection, code);
            _ = raw.sqlite3_reset(_statement);
            throw error;
        }

        return false;
    }

    /// <summary>Reads the first row, if there is one.</summary>
    public T? First<T>(Func<Statement, T> read)
        where T : struct
    {
        T? found = Step() ? read(this) : null;
        Reset();
        return found;
    }

    /// <summary>Reads all rows.</summary>
    public List<T> All<T>(Func<Statement, T> read)
    {
        var found = new List<T>();
        while (Step())
            found.Add(read(this));

        return found;
    }

    /// <summary>Runs the statement and gives the number of rows it changed.</summary>
    public int Execute()
    {
        while (Step())
        {
        }

        _ = raw.sqlite3_reset(_statement);
        return raw.sqlite3_changes(_connection);
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(_statement, column);

    public int Int(int column) => (int)Long(column);

    public string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public DateTime Time(int column) => new(Long(column), DateTimeKind.Utc);

    public DateTime? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    public void Dispose() => _statement.Dispose();
}
