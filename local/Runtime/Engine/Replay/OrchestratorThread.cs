namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>
/// The one logical thread of an orchestration. Continuations of durable tasks run on it, in order, while a turn runs; a continuation from any
/// other thread means that the orchestrator awaited something that is not durable.
/// </summary>
internal sealed class OrchestratorThread(Action foreignContinuation) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _work = new();
    private int _turnThread;

    /// <summary>Whether the caller runs as the orchestrator.</summary>
    public bool IsCurrent => _turnThread == Environment.CurrentManagedThreadId;

    /// <summary>Makes the calling thread the orchestrator's until <see cref="Leave"/>.</summary>
    /// <returns>What was current before.</returns>
    public SynchronizationContext? Enter()
    {
        var previous = Current;
        SetSynchronizationContext(this);
        _turnThread = Environment.CurrentManagedThreadId;
        return previous;
    }

    /// <summary>Gives the calling thread back.</summary>
    public void Leave(SynchronizationContext? previous)
    {
        _turnThread = 0;
        SetSynchronizationContext(previous);
    }

    /// <summary>Runs the orchestrator until it waits.</summary>
    public void Drain()
    {
        while (_work.TryDequeue(out var next))
        {
            next.Callback(next.State);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
        {
            _work.Enqueue((d, state));
        }
        else
        {
            foreignContinuation();
        }
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!IsCurrent)
        {
            foreignContinuation();
            return;
        }

        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;
}
