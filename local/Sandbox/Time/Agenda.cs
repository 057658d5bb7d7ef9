namespace OmsWorkflows.Local.Sandbox.Time;

/// <summary>
/// What happens later in business time: decisions, expiries, conversions, webhook attempts. Entries run in order of their time, then of
/// their entering. Nothing is ever taken out: an entry looks when it runs whether it still has something to do.
/// </summary>
internal sealed class Agenda(SandboxClock clock, ILogger<Agenda> logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Func<Task>, (DateTimeOffset Due, long Order)> _entries = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _order;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Enters work that may go on after it returns, such as sending a webhook.</summary>
    public void At(DateTimeOffset due, Func<Task> work)
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            _entries.Enqueue(work, (due, _order++));
            (signal, _changed) = (_changed, NewSignal());
        }
        signal.SetResult();
    }

    /// <summary>Enters work that is done when it returns.</summary>
    public void At(DateTimeOffset due, Action work) => At(due, () =>
    {
        work();
        return Task.CompletedTask;
    });

    /// <summary>When the next entry is due, and a task that ends when the agenda gets another entry.</summary>
    public (DateTimeOffset? Due, Task Changed) Next()
    {
        lock (_gate)
            return (_entries.TryPeek(out _, out var priority) ? priority.Due : null, _changed.Task);
    }

    /// <summary>Starts what is due now, without waiting for what goes on after it was started.</summary>
    public async Task StartDueAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (TakeDue(clock.Now) is { } work)
                _ = Watch(work);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Advances the clock entry by entry, each at its own time, and waits for each to be over: so a retry that follows from a failed
    /// attempt falls into the same advance, at the time it should.
    /// </summary>
    public async Task AdvanceToAsync(DateTimeOffset target, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            while (Next().Due is { } due && due <= target)
            {
                clock.MoveTo(due);
                var running = new List<Task>();
                while (TakeDue(due) is { } work)
                    running.Add(Watch(work));
                await Task.WhenAll(running).WaitAsync(cancellationToken);
            }
            clock.MoveTo(target);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
            _entries.Clear();
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>One piece of work that fails does not stop the others.</summary>
    private async Task Watch(Func<Task> work)
    {
        try
        {
            await work();
        }
#pragma warning disable CA1031 // Whatever it was, it is told here and nowhere else.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.AgendaFailed(e);
        }
    }

    private Func<Task>? TakeDue(DateTimeOffset now)
    {
        lock (_gate)
            return _entries.TryPeek(out _, out var priority) && priority.Due <= now ? _entries.Dequeue() : null;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
