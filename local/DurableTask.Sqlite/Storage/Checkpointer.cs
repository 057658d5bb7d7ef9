namespace DurableTask.Sqlite.Storage;

/// <summary>
/// Moves committed pages from the log into the database file beside the writer. Left to the writer, that stops it for some fifty
/// milliseconds every few hundred commits, and everything that waits for a commit waits with it. The writer only does the rest, when the
/// log can start over.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    /// <summary>After so many changed rows; a row is about a page when commits are small.</summary>
    private const int EveryRows = 2_000;

    private readonly Connection _connection;
    private readonly Action<SqliteStoreException> _failed;
    private readonly SemaphoreSlim _wanted = new(0);
    private readonly Thread _thread;
    private long _rowsDone;
    private volatile bool _stopped;

    /// <param name="path">The database, which the writer has prepared.</param>
    /// <param name="failed">Told when it did not work; the next time makes up for it.</param>
    public Checkpointer(string path, Action<SqliteStoreException> failed)
    {
        _failed = failed;
        _connection = new Connection(path, readOnly: false);
        _connection.Execute("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;");
        _thread = new Thread(Run) { IsBackground = true, Name = "durable task checkpoints" };
        _thread.Start();
    }

    /// <summary>The writer has committed.</summary>
    /// <param name="rows">Rows it has changed since it was opened.</param>
    public void Committed(long rows)
    {
        if (rows - _rowsDone >= EveryRows)
        {
            _rowsDone = rows;
            _wanted.Release();
        }
    }

    public void Dispose()
    {
        _stopped = true;
        _wanted.Release();
        _thread.Join();
        _wanted.Dispose();
        _connection.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _wanted.Wait();

            // What was asked for while the last one ran is one request.
            while (_wanted.Wait(0))
            {
            }

            if (_stopped)
                return;

            try
            {
                _ = _connection.Number("PRAGMA wal_checkpoint(PASSIVE)");
            }
            catch (SqliteStoreException e)
            {
                _failed(e);
            }
        }
    }
}
