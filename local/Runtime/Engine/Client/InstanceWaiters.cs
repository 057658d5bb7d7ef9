namespace OmsWorkflows.Local.Runtime.Engine.Client;

/// <summary>Clients that wait for an instance to start or end.</summary>
internal sealed class InstanceWaiters(Action waiting)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Signal> _byInstance = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>Whether somebody waits who was not woken: one who was has not waited in vain, and may be about to act.</summary>
    public bool HasAny => Volatile.Read(ref _waiting) > 0;

    /// <summary>Gives what <paramref name="look"/> finds, now or after a change of the instance.</summary>
    public async Task<T> WaitFor<T>(string instanceId, Func<T?> look, CancellationToken cancellation)
        where T : class
    {
        while (true)
        {
            // Registered before looking, so that no change in between is missed.
            var signal = Register(instanceId);
            if (look() is { } found)
            {
                Leave(instanceId, signal, waited: false);
                return found;
            }

            Begin(signal);
            waiting();
            try
            {
                await signal.Source.Task.WaitAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                Leave(instanceId, signal, waited: true);
                throw;
            }
        }
    }

    /// <summary>An instance started or ended.</summary>
    public void Changed(string instanceId)
    {
        Signal? signal;
        lock (_gate)
        {
            if (!_byInstance.Remove(instanceId, out signal))
            {
                return;
            }

            signal.IsGiven = true;
            _waiting -= signal.Waiting;
        }

        signal.Source.TrySetResult();
    }

    private Signal Register(string instanceId)
    {
        lock (_gate)
        {
            if (!_byInstance.TryGetValue(instanceId, out var signal))
            {
                _byInstance[instanceId] = signal = new Signal();
            }

            signal.Registered++;
            return signal;
        }
    }

    private void Begin(Signal signal)
    {
        lock (_gate)
        {
            if (!signal.IsGiven)
            {
                signal.Waiting++;
                _waiting++;
            }
        }
    }

    private void Leave(string instanceId, Signal signal, bool waited)
    {
        lock (_gate)
        {
            if (signal.IsGiven)
            {
                return;
            }

            if (waited)
            {
                signal.Waiting--;
                _waiting--;
            }

            if (--signal.Registered == 0)
            {
                _byInstance.Remove(instanceId);
            }
        }
    }

    private sealed class Signal
    {
        public TaskCompletionSource Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Registered { get; set; }

        public int Waiting { get; set; }

        public bool IsGiven { get; set; }
    }
}
