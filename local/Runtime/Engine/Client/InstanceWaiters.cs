namespace OmsWorkflows.Local.Runtime.Engine.Client;

/// <summary>Clients that wait for an instance to start or end.</summary>
internal sealed class InstanceWaiters(Action waiting)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource> _byInstance = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>Whether somebody waits for anything.</summary>
    public bool HasAny => Volatile.Read(ref _waiting) > 0;

    /// <summary>Gives what <paramref name="look"/> finds, now or after a change of the instance.</summary>
    public async Task<T> WaitFor<T>(string instanceId, Func<T?> look, CancellationToken cancellation)
        where T : class
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            while (true)
            {
                // Registered before looking, so that no change in between is missed.
                var changed = Register(instanceId);
                if (look() is { } found)
                {
                    return found;
                }

                waiting();
                await changed.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>An instance started or ended.</summary>
    public void Changed(string instanceId)
    {
        if (!HasAny)
        {
            return;
        }

        TaskCompletionSource? source;
        lock (_gate)
        {
            _byInstance.Remove(instanceId, out source);
        }

        source?.TrySetResult();
    }

    private Task Register(string instanceId)
    {
        lock (_gate)
        {
            if (!_byInstance.TryGetValue(instanceId, out var source))
            {
                _byInstance[instanceId] = source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return source.Task;
        }
    }
}
