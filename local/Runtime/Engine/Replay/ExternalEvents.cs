using Microsoft.DurableTask;

namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>
/// Waits for external events, and events nobody waits for yet. Of several waits for one name the latest gets the next event; a wait that was
/// cancelled keeps its place and swallows the event it gets, as in the published SDK up to 1.25 (DESIGN 4.1).
/// </summary>
internal sealed class ExternalEvents(DataConverter converter)
{
    private readonly Dictionary<string, Wait> _waits = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Queue<string?>> _buffered = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _bufferedOrder = [];

    /// <summary>Whether a wait is open, so that an event could move the orchestrator on.</summary>
    public bool HasOpenWait
    {
        get
        {
            foreach (var top in _waits.Values)
            {
                for (var wait = top; wait is not null; wait = wait.Next)
                {
                    if (!wait.IsOver)
                    {
                        return true;
                    }
                }
            }

            return false;
        }
    }

    public Task<T> WaitFor<T>(string name, CancellationToken cancellationToken)
    {
        var wait = new Wait<T>();
        if (_waits.TryGetValue(name, out var earlier))
        {
            if (earlier.PayloadType != typeof(T))
            {
                throw new ArgumentException(
                    $"Events with the same name must have the same type argument. Expected {earlier.PayloadType.FullName} "
                    + $"but was requested {typeof(T).FullName}.");
            }

            wait.Next = earlier;
        }

        _waits[name] = wait;
        if (_buffered.TryGetValue(name, out var queue) && queue.TryDequeue(out var payload))
        {
            Deliver(name, payload);
        }

        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() => wait.TrySetCanceled(cancellationToken));
        }

        return wait.Task;
    }

    /// <summary>Hands an event to the latest wait; keeps it when there is none.</summary>
    public void Raise(string name, string? payload)
    {
        if (!Deliver(name, payload))
        {
            if (!_buffered.TryGetValue(name, out var queue))
            {
                _buffered[name] = queue = new Queue<string?>();
                _bufferedOrder.Add(name);
            }

            queue.Enqueue(payload);
        }
    }

    /// <summary>Takes all events nobody waited for, by name in order of first arrival.</summary>
    public IEnumerable<(string Name, string? Payload)> TakeBuffered()
    {
        foreach (var name in _bufferedOrder)
        {
            foreach (var payload in _buffered[name])
            {
                yield return (name, payload);
            }
        }

        _buffered.Clear();
        _bufferedOrder.Clear();
    }

    private bool Deliver(string name, string? payload)
    {
        if (!_waits.TryGetValue(name, out var wait))
        {
            return false;
        }

        if (wait.Next is null)
        {
            _waits.Remove(name);
        }
        else
        {
            _waits[name] = wait.Next;
        }

        wait.Complete(converter.Deserialize(payload, wait.PayloadType));
        return true;
    }

    private abstract class Wait
    {
        public Wait? Next { get; set; }

        public abstract Type PayloadType { get; }

        public abstract bool IsOver { get; }

        public abstract void Complete(object? payload);
    }

    private sealed class Wait<T> : Wait
    {
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public override Type PayloadType => typeof(T);

        public override bool IsOver => _source.Task.IsCompleted;

        public override void Complete(object? payload) => _source.TrySetResult(payload is null ? default! : (T)payload);

        public void TrySetCanceled(CancellationToken cancellationToken) => _source.TrySetCanceled(cancellationToken);
    }
}
