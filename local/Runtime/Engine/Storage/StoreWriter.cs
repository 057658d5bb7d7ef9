namespace OmsWorkflows.Local.Runtime.Engine.Storage;

/// <summary>
/// Commits changes in the order they were handed in, as many at a time as have gathered: while one transaction waits for the disk, the next one
/// fills (group commit).
/// </summary>
internal sealed class StoreWriter(WriterConnection connection, FaultSeam seam, Action<Action> schedule, Action<EngineCrashException> crashed)
{
    private const int LargestTransaction = 1_000;

    private readonly Lock _gate = new();
    private readonly Queue<WriteWork> _waiting = new();
    private readonly List<WriteWork> _batch = [];
    private bool _scheduled;
    private bool _closed;

    /// <summary>Hands in a change.</summary>
    public void Enqueue(WriteWork work)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                _waiting.Enqueue(work);
                if (_scheduled)
                {
                    return;
                }

                _scheduled = true;
            }
        }

        if (_closed)
        {
            work.Failed(new StoreException("The engine has stopped."));
            return;
        }

        schedule(CommitWaiting);
    }

    /// <summary>Refuses further changes.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    /// <summary>Commits what has gathered; one transaction if all goes well.</summary>
    private void CommitWaiting()
    {
        try
        {
            lock (_gate)
            {
                while (_batch.Count < LargestTransaction && _waiting.TryDequeue(out var work))
                {
                    _batch.Add(work);
                }
            }

            Commit(_batch);
        }
        catch (EngineCrashException crash)
        {
            crashed(crash);
            return;
        }
        finally
        {
            _batch.Clear();
        }

        lock (_gate)
        {
            _scheduled = _waiting.Count > 0;
            if (!_scheduled)
            {
                return;
            }
        }

        schedule(CommitWaiting);
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
        try
        {
            connection.Db.Execute("BEGIN IMMEDIATE");
            foreach (var work in batch)
            {
                work.Apply(connection);
            }

            seam.Reach(FaultSeam.BeforeCommit);
            connection.Commit();
        }
        catch (Exception e) when (e is not EngineCrashException)
        {
            connection.RollBack();
            return e;
        }

        try
        {
            seam.Reach(FaultSeam.AfterCommit);
        }
        catch (Exception e) when (e is not EngineCrashException)
        {
            // The caller is told that it failed, though it did not: it has to look.
            foreach (var work in batch)
            {
                work.Failed(e);
            }

            return null;
        }

        foreach (var work in batch)
        {
            work.Committed();
        }

        return null;
    }
}
