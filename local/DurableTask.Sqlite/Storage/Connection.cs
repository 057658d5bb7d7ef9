using System.Runtime.InteropServices;
using SQLitePCL;

namespace DurableTask.Sqlite.Storage;

/// <summary>One SQLite connection with its prepared statements, kept by their text.</summary>
internal sealed partial class Connection : IDisposable
{
    /// <summary>SQLITE_FCNTL_HAS_MOVED.</summary>
    private const int AskWhetherMoved = 20;

    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = [];

    static Connection()
    {
        Batteries_V2.Init();
    }

    public Connection(string path, bool readOnly)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var code = raw.sqlite3_open_v2(path, out _handle, flags, null);
        if (code != raw.SQLITE_OK)
        {
            var reason = raw.sqlite3_errstr(code).utf8_to_string();
            _handle.Dispose();
            throw new SqliteStoreException($"The database {path} cannot be opened: {reason} (SQLite {code}).") { Code = code };
        }

        _ = raw.sqlite3_busy_timeout(_handle, 5_000);
    }

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Whether the file was removed, moved or replaced since it was opened.</summary>
    public bool HasMoved => Control(_handle, "main", AskWhetherMoved, out var moved) == raw.SQLITE_OK && moved != 0;

    /// <summary>Rows changed since it was opened.</summary>
    public long ChangedRows => raw.sqlite3_total_changes(_handle);

    /// <summary>The statement of the text, ready to be bound.</summary>
    public Statement this[string sql]
    {
        get
        {
            if (!_statements.TryGetValue(sql, out var statement))
                _statements.Add(sql, statement = new Statement(_handle, sql));

            return statement.Reset();
        }
    }

    /// <summary>Runs statements that take and give no values.</summary>
    public void Execute(string sql) => SqliteStoreException.ThrowOnError(_handle, raw.sqlite3_exec(_handle, sql));

    /// <summary>Reads one number.</summary>
    public long Number(string sql)
    {
        using var statement = new Statement(_handle, sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    /// <summary>Reads one text.</summary>
    public string? Text(string sql)
    {
        using var statement = new Statement(_handle, sql);
        return statement.Step() ? statement.Text(0) : null;
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
            statement.Dispose();

        _handle.Dispose();
    }

    /// <summary>SQLite answers this by a look at the path; the managed bindings leave it out.</summary>
    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Control(sqlite3 connection, string database, int operation, out int answer);
}
