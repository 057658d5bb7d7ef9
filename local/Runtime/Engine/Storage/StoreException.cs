using SQLitePCL;

namespace OmsWorkflows.Local.Runtime.Engine.Storage;

/// <summary>The database refused an operation, or refuses to be opened.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    public StoreException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public StoreException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">What caused it.</param>
    public StoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>SQLite's result code; 0 when the refusal is the engine's own.</summary>
    public int Code { get; private init; }

    internal bool IsCorruption => (Code & 0xFF) is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    internal static StoreException From(sqlite3 connection, int code) =>
        new($"The database answered {raw.sqlite3_errmsg(connection).utf8_to_string()} (SQLite {code}).") { Code = code };

    internal static void ThrowOnError(sqlite3 connection, int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw From(connection, code);
        }
    }
}
