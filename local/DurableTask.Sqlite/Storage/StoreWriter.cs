namespace DurableTask.Sqlite.Storage;

/// <summary>
/// Commits changes in the order they were handed in, as many at a time as have gathered: while one transaction waits for the disk, the
/// next one fills (group commit). On a thread of its own, or when durability does not matter on the caller's.
/// </summary>
internal sealed class StoreWriter : IDisposable
{
    private const int LargestTransaction = 1_000;

    private readonly WriterConnection _connection;
    private readonly TestSeams _seams;
    private readonly Action<Effects> _publish;
    private readonly object _gate = new();
    private readonly object _commitGate = new();
    private readonly Queue<Work> _waiting = new();
    private readonly List<Work> _batch = [];
    private readonly Thread? _thread;
    private long _number;
    private int _pending;
    private bool _closed;

    /// <param name="connection">What it writes with; the caller disposes of it.</param>
    /// <param name="seams">Hooks of a test.</param>
    /// <param name="publish">Takes over what a change did, when it is on disk.</param>
    public StoreWriter(WriterConnection connection, TestSeams seams, Action<Effects> publish)
    {
        (_connection, _seams, _publish) = (connection, seams, publish);
        if (!seams.Relaxed)
        {
            _thread = new Thread(() => CommitAll(wait: true)) { IsBackground = true, Name = "durable task writer" };
            _thread.Start();
        }
    }

    /// <summary>Told, before its changes are said to have failed, when nobody knows whether a transaction is on disk.</summary>
    public Action? InDoubt { get; init; }

    /// <summary>Told when a test killed the service.</summary>
    public Action? Crashed { get; init; }

    /// <summary>Told when all changes handed in are made and told.</summary>
    public Action? Drained { get; init; }

    /// <summary>Changes that were handed in and are not done.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Makes a change, which takes effect as a whole or not at all, and completes when it is on disk.</summary>
    /// <param name="change">Makes it inside the transaction; called again when the transaction failed.</param>
    /// <param name="publish">Takes its effects over, in place of the usual; called on the writer's thread.</param>
    /// <param name="isAlone">Whether what comes after it belongs into another transaction.</param>
    public Task WriteAsync(Action<WriterConnection, Effects> change, Action<Effects>? publish = null, bool isAlone = false)
    {
        var work = new Work(change, publish ?? _publish) { IsAlone = isAlone };
        var accepted = false;
        lock (_gate)
        {
            if (!_closed)
            {
                accepted = true;
                Interlocked.Increment(ref _pending);
                _waiting.Enqueue(work);
                Monitor.Pulse(_gate);
            }
        }

        if (!accepted)
        {
            work.Fail(new SqliteStoreException("The orchestration service has stopped."));
        }
        else if (_thread is null && !Monitor.IsEntered(_commitGate))
        {
            // A change that another one's effects ask for waits until these are told.
            lock (_commitGate)
                CommitAll(wait: false);
        }

        return work.Done;
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
            _thread?.Join();
    }

    private void CommitAll(bool wait)
    {
        try
        {
            while (Gather(wait))
            {
                Commit(_batch);
                var count = _batch.Count;
                _batch.Clear();
                if (Interlocked.Add(ref _pending, -count) == 0)
                    Drained?.Invoke();
            }
        }
        catch (SimulatedCrashException e)
        {
            lock (_gate)
            {
                _closed = true;
                _batch.AddRange(_waiting);
                _waiting.Clear();
            }

            Crashed?.Invoke();
            _batch.ForEach(work => work.Fail(e));
        }
    }

    /// <returns>Whether there is something to commit.</returns>
    private bool Gather(bool wait)
    {
        lock (_gate)
        {
            while (wait && _waiting.Count == 0 && !_closed)
                Monitor.Wait(_gate);

            while (_batch.Count < LargestTransaction && _waiting.TryDequeue(out var work))
            {
                _batch.Add(work);
                if (work.IsAlone)
                    break;
            }

            return _batch.Count > 0;
        }
    }

    private void Commit(List<Work> batch)
    {
        if (TryCommit(batch) is not { } error)
            return;

        if (batch.Count == 1)
        {
            batch[0].Fail(error);
            return;
        }

        // One bad change must not take the others with it.
        foreach (var work in batch)
        {
            if (TryCommit([work]) is { } own)
                work.Fail(own);
        }
    }

    private Exception? TryCommit(List<Work> batch)
    {
        var number = ++_number;
        try
        {
            _connection.Begin();
            batch.ForEach(work => work.Apply(_connection));
            _seams.BeforeCommit?.Invoke(number);
        }
        catch (Exception e) when (e is not SimulatedCrashException)
        {
            _connection.RollBack();
            return e;
        }

        try
        {
            _connection.Commit();
            _seams.AfterCommit?.Invoke(number);
        }
        catch (Exception e) when (e is not SimulatedCrashException)
        {
            // What is on disk decides: all is read again, and the callers are told that it failed, though it may not have.
            _connection.RollBack();
            InDoubt?.Invoke();
            batch.ForEach(work => work.Fail(e));
            return null;
        }

        batch.ForEach(work => work.Publish());
        return null;
    }

    private sealed class Work(Action<WriterConnection, Effects> change, Action<Effects> publish)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Effects _effects = new();

        public bool IsAlone { get; init; }

        public Task Done => _done.Task;

        public void Apply(WriterConnection db)
        {
            _effects = new Effects();
            change(db, _effects);
        }

        public void Publish()
        {
            publish(_effects);
            _done.TrySetResult();
        }

        public void Fail(Exception reason) => _done.TrySetException(reason);
    }
}
