using SQLitePCL;

namespace DurableTask.Sqlite;

/// <summary>The database refused an operation, or refuses to be opened. The message names the file and the cause in one line.</summary>
public sealed class SqliteStoreException : Exception
{
    /// <summary>Creates the exception with what is wrong and what to do about it.</summary>
    public SqliteStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with what is wrong and what caused it.</summary>
    public SqliteStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>SQLite's extended result code; 0 when the refusal is the provider's own.</summary>
    public int Code { get; internal init; }

    internal bool IsCorruption => (Code & 0xFF) is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    internal static SqliteStoreException From(sqlite3 connection, int code)
    {
        var path = raw.sqlite3_db_filename(connection, "main").utf8_to_string();
        var extended = raw.sqlite3_extended_errcode(connection);
        return new SqliteStoreException(
            $"The database {path} answered: {raw.sqlite3_errmsg(connection).utf8_to_string()} (SQLite {extended}).")
        {
            Code = code,
        };
    }

    internal static void ThrowOnError(sqlite3 connection, int code)
    {
        if (code != raw.SQLITE_OK)
            throw From(connection, code);
    }
}
