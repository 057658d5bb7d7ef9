namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>Decides what runs next. In production threads do; a test can decide itself, from a seed, on one thread.</summary>
internal abstract class EngineScheduler : IDisposable
{
    /// <summary>Runs a turn of an instance.</summary>
    public abstract void Turn(InstanceActor actor, Action<InstanceActor> run);

    /// <summary>Runs an activity.</summary>
    public abstract void Activity(Func<Task> run);

    /// <summary>Runs a transaction; only one at a time is handed in.</summary>
    public abstract void Commit(Action run);

    /// <summary>A turn was stored, which makes room for another.</summary>
    public virtual void TurnStored()
    {
    }

    public abstract void Dispose();
}

/// <summary>Runs turns on the thread pool, so many at once, and transactions on a thread of their own.</summary>
internal sealed class ThreadedScheduler : EngineScheduler
{
    /// <summary>So many turns may wait for their transaction; computing further ones would only fill memory.</summary>
    private const int MaxUnstored = 2_000;

    private readonly Lock _gate = new();
    private readonly Queue<(InstanceActor Actor, Action<InstanceActor> Run)> _turns = new();
    private readonly SemaphoreSlim _commitReady = new(0);
    private readonly Thread _committer;
    private readonly int _maxActive;
    private Action? _commit;
    private int _active;
    private int _unstored;
    private volatile bool _stopped;

    public ThreadedScheduler(int maxConcurrentTurns)
    {
        _maxActive = maxConcurrentTurns;
        _committer = new Thread(RunCommits) { IsBackground = true, Name = "durable engine writer" };
        _committer.Start();
    }

    public override void Turn(InstanceActor actor, Action<InstanceActor> run)
    {
        lock (_gate)
        {
            _turns.Enqueue((actor, run));
            StartPump();
        }
    }

    public override void TurnStored()
    {
        lock (_gate)
        {
            _unstored--;
            StartPump();
        }
    }

    public override void Activity(Func<Task> run) => _ = Task.Run(run);

    public override void Commit(Action run)
    {
        Volatile.Write(ref _commit, run);
        _commitReady.Release();
    }

    public override void Dispose()
    {
        _stopped = true;
        _commitReady.Release();
        if (Thread.CurrentThread != _committer)
        {
            _committer.Join();
            _commitReady.Dispose();
        }
    }

    private void StartPump()
    {
        if (_turns.Count > 0 && _active < _maxActive && _unstored < MaxUnstored)
        {
            _active++;
            ThreadPool.UnsafeQueueUserWorkItem(static scheduler => scheduler.RunTurns(), this, preferLocal: false);
        }
    }

    private void RunTurns()
    {
        while (true)
        {
            (InstanceActor Actor, Action<InstanceActor> Run) next;
            lock (_gate)
            {
                if (_stopped || _unstored >= MaxUnstored || !_turns.TryDequeue(out next))
                {
                    _active--;
                    return;
                }

                _unstored++;
                StartPump();
            }

            next.Run(next.Actor);
        }
    }

    private void RunCommits()
    {
        while (true)
        {
            _commitReady.Wait();
            if (Interlocked.Exchange(ref _commit, null) is { } commit)
            {
                commit();
            }
            else if (_stopped)
            {
                return;
            }
        }
    }
}
