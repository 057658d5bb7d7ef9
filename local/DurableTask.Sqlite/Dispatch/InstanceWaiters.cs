namespace DurableTask.Sqlite.Dispatch;

/// <summary>Clients that wait for an instance to end.</summary>
internal sealed class InstanceWaiters
{
    private readonly object _gate = new();
    private readonly Dictionary<string, Signal> _byInstance = new(StringComparer.Ordinal);

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _byInstance.Values.Sum(signal => signal.Waiting);
        }
    }

    /// <summary>Gives what <paramref name="look"/> finds, now or after the instance ended.</summary>
    public async Task<T> WaitForAsync<T>(string instanceId, Func<T?> look, CancellationToken cancellation)
        where T : class
    {
        while (true)
        {
            // Registered before looking, so that no end in between is missed.
            var signal = Register(instanceId);
            try
            {
                if (look() is { } found)
                    return found;

                await signal.Source.Task.WaitAsync(cancellation).ConfigureAwait(false);
            }
            finally
            {
                Leave(instanceId, signal);
            }
        }
    }

    /// <summary>An instance ended.</summary>
    public void Ended(string instanceId)
    {
        Signal? signal;
        lock (_gate)
        {
            if (!_byInstance.Remove(instanceId, out signal))
                return;
        }

        signal.Source.TrySetResult();
    }

    /// <summary>Nobody knows what ended meanwhile: all who wait look again.</summary>
    public void LookAgain()
    {
        List<Signal> signals;
        lock (_gate)
        {
            signals = [.. _byInstance.Values];
            _byInstance.Clear();
        }

        signals.ForEach(signal => signal.Source.TrySetResult());
    }

    /// <summary>Nothing will end any more: those who wait are told.</summary>
    public void Close()
    {
        lock (_gate)
        {
            foreach (var signal in _byInstance.Values)
                signal.Source.TrySetException(new ObjectDisposedException(nameof(SqliteOrchestrationService)));
        }
    }

    private Signal Register(string instanceId)
    {
        lock (_gate)
        {
            if (!_byInstance.TryGetValue(instanceId, out var signal))
                _byInstance[instanceId] = signal = new Signal();

            signal.Waiting++;
            return signal;
        }
    }

    private void Leave(string instanceId, Signal signal)
    {
        lock (_gate)
        {
            if (--signal.Waiting == 0 && _byInstance.TryGetValue(instanceId, out var current) && current == signal)
                _byInstance.Remove(instanceId);
        }
    }

    private sealed class Signal
    {
        public TaskCompletionSource Source { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Waiting { get; set; }
    }
}
