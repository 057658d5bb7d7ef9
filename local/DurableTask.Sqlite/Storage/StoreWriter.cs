namespace DurableTask.Sqlite.Storage;

/// <summary>
/// Commits changes in the order they were handed in, as many at a time as have gathered: while one transaction waits for the disk, the next one
/// fills (group commit). On a thread of its own, or when durability does not matter on the caller's.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private const int LargestTransaction = 1_000;

    private readonly WriterConnection _connection;
    private readonly TestSeams _seams;
    private readonly Action _inDoubt;
    private readonly Action<SimulatedCrashException> _crashed;
    private readonly Action _drained;
    private readonly object _gate = new();
    private readonly object _commitGate = new();
    private readonly Queue<WriteWork> _waiting = new();
    private readonly List<WriteWork> _batch = [];
    private readonly Thread? _thread;
    private long _number;
    private int _pending;
    private bool _closed;

    /// <param name="connection">What it writes with; it is disposed of by the caller.</param>
    /// <param name="seams">Hooks of a test.</param>
    /// <param name="inDoubt">Told when nobody knows whether a transaction is on disk, before its changes are said to have failed.</param>
    /// <param name="crashed">Told when a test killed the service.</param>
    /// <param name="drained">Told when all changes handed in are made and told.</param>
    public StoreWriter(
        WriterConnection connection, TestSeams seams, Action inDoubt, Action<SimulatedCrashException> crashed, Action drained)
    {
        _connection = connection;
        _seams = seams;
        _inDoubt = inDoubt;
        _crashed = crashed;
        _drained = drained;
        if (!seams.Relaxed)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "durable task writer" };
            _thread.Start();
        }
    }

    /// <summary>Changes that were handed in and are not done.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Hands in a change and gives what comes of it.</summary>
    public Task<T> WriteAsync<T>(WriteWork<T> work)
    {
        Enqueue(work);
        return work.Done;
    }

    /// <summary>Hands in a change.</summary>
    public void Enqueue(WriteWork work)
    {
        var accepted = false;
        lock (_gate)
        {
            if (!_closed)
            {
                accepted = true;
                Interlocked.Increment(ref _pending);
                _waiting.Enqueue(work);
                if (_thread is not null && _waiting.Count == 1)
                {
                    Monitor.Pulse(_gate);
                }
            }
        }

        if (!accepted)
        {
            work.Failed(new SqliteStoreException("The orchestration service has stopped."));
        }
        else if (_thread is null)
        {
            CommitInline();
        }
    }

    /// <summary>Finishes what was handed in and refuses further changes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }

        if (_thread != Thread.CurrentThread)
        {
            _thread?.Join();
        }
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                while (_waiting.Count == 0 && !_closed)
                {
                    Monitor.Wait(_gate);
                }

                if (_waiting.Count == 0)
                {
                    return;
                }

                Gather();
            }

            if (!CommitBatch())
            {
                return;
            }
        }
    }

    private void CommitInline()
    {
        if (Monitor.IsEntered(_commitGate))
        {
            // A change made by the effect of another one waits until that is told.
            return;
        }

        lock (_commitGate)
        {
            while (true)
            {
                lock (_gate)
                {
                    if (_waiting.Count == 0)
                    {
                        return;
                    }

                    Gather();
                }

                if (!CommitBatch())
                {
                    return;
                }
            }
        }
    }

    private void Gather()
    {
        while (_batch.Count < LargestTransaction && _waiting.TryDequeue(out var work))
        {
            _batch.Add(work);
            if (work.EndsBatch)
            {
                return;
            }
        }
    }

    /// <returns>Whether to go on.</returns>
    private bool CommitBatch()
    {
        var count = _batch.Count;
        try
        {
            Commit(_batch);
        }
        catch (SimulatedCrashException e)
        {
            Die(e);
            return false;
        }
        finally
        {
            _batch.Clear();
        }

        if (Interlocked.Add(ref _pending, -count) == 0)
        {
            _drained();
        }

        return true;
    }

    private void Commit(List<WriteWork> batch)
    {
        if (TryCommit(batch) is not { } error)
        {
            return;
        }

        if (batch.Count == 1)
        {
            batch[0].Failed(error);
            return;
        }

        // One bad change must not take the others with it.
        foreach (var work in batch)
        {
            if (TryCommit([work]) is { } own)
            {
                work.Failed(own);
            }
        }
    }

    private Exception? TryCommit(List<WriteWork> batch)
    {
        var number = ++_number;
        try
        {
            _connection.Db.Execute("BEGIN IMMEDIATE");
            foreach (var work in batch)
            {
                work.Apply(_connection);
            }

            _seams.BeforeCommit?.Invoke(number);
        }
        catch (Exception e)
        {
            _connection.RollBack();
            if (e is SimulatedCrashException)
            {
                Abandon(batch, e);
                throw;
            }

            return e;
        }

        try
        {
            _connection.Commit();
            _seams.AfterCommit?.Invoke(number);
        }
        catch (Exception e)
        {
            _connection.RollBack();
            if (e is SimulatedCrashException)
            {
                Abandon(batch, e);
                throw;
            }

            // What is on disk decides: everything is read again, and the callers are told that it failed, though it may not have.
            _inDoubt();
            Abandon(batch, e);
            return null;
        }

        foreach (var work in batch)
        {
            work.Committed();
        }

        return null;
    }

    private static void Abandon(List<WriteWork> works, Exception reason)
    {
        foreach (var work in works)
        {
            work.Failed(reason);
        }
    }

    private void Die(SimulatedCrashException crash)
    {
        List<WriteWork> left;
        lock (_gate)
        {
            _closed = true;
            left = [.. _waiting];
            _waiting.Clear();
        }

        _crashed(crash);
        Abandon(left, crash);
    }
}
