namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>Counts what is under way, so that the engine knows when nothing but a timer or a client can move it on.</summary>
internal sealed class WorkTracker(Action idle)
{
    private readonly Lock _gate = new();
    private int _count;
    private TaskCompletionSource? _drained;

    public int Count => Volatile.Read(ref _count);

    public bool IsIdle => Count == 0;

    public void Begin() => Interlocked.Increment(ref _count);

    public void End()
    {
        if (Interlocked.Decrement(ref _count) > 0)
        {
            return;
        }

        lock (_gate)
        {
            _drained?.TrySetResult();
        }

        idle();
    }

    /// <summary>Completes when nothing is under way.</summary>
    public Task WhenIdle()
    {
        lock (_gate)
        {
            if (IsIdle)
            {
                return Task.CompletedTask;
            }

            _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return IsIdle ? Task.CompletedTask : _drained.Task;
        }
    }
}
