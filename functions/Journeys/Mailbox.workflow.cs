using Microsoft.DurableTask;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Journeys;

/// <summary>
/// The one place a journey receives from: a single outstanding wait for <c>signal</c>, raced against a timer
/// (docs/decisions/0004-one-mailbox.md).
/// </summary>
/// <remarks>
/// The wait is never cancelled and never times out: it stays armed over any number of timers until a signal completes it. The losing timer
/// is always cancelled.
/// </remarks>
internal sealed class Mailbox
{
    /// <summary>Duplicates come close together: a delivery is sent again for three days at most, and only if it was not answered.</summary>
    private const int MaxRemembered = 200;

    private readonly TaskOrchestrationContext _context;
    private readonly Queue<Signal> _waiting;
    private readonly Queue<string> _seen;
    private Task<Signal>? _wait;

    public Mailbox(TaskOrchestrationContext context, JourneyMemory? memory)
    {
        _context = context;
        _waiting = new(memory?.Waiting ?? []);
        _seen = new(memory?.Seen ?? []);
    }

    /// <summary>How many waits and signals went into this execution's history.</summary>
    public int Turns { get; private set; }

    /// <summary>Signals that came and were not received yet, for the next execution.</summary>
    public IReadOnlyList<Signal> Waiting => _wait is { IsCompletedSuccessfully: true } ? [.. _waiting, _wait.Result] : [.. _waiting];

    /// <summary>Ids of deliveries that were received.</summary>
    public IReadOnlyList<string> Seen => [.. _seen];

    /// <summary>Puts in signals an activity found waiting in the inbox; they are received before later ones.</summary>
    public void Add(IEnumerable<Signal> signals)
    {
        foreach (var signal in signals)
            _waiting.Enqueue(signal);
    }

    /// <summary>Takes back a signal that was received too early: it is received again, first of all.</summary>
    public void PutBack(Signal signal)
    {
        Signal[] later = [.. _waiting];
        _waiting.Clear();
        Add([signal, .. later]);
        string[] others = [.. _seen.Where(id => id != signal.DeliveryId)];
        _seen.Clear();
        foreach (var id in others)
            _seen.Enqueue(id);
    }

    /// <summary>Receives the next signal not seen before; null once the context's clock has reached <paramref name="until"/>.</summary>
    public async Task<Signal?> ReceiveAsync(DateTimeOffset until)
    {
        while (true)
        {
            var signal = _waiting.TryDequeue(out var waiting) ? waiting : await NextAsync(until.UtcDateTime);
            if (signal is null || Remember(signal.DeliveryId))
                return signal;
        }
    }

    private async Task<Signal?> NextAsync(DateTime until)
    {
        _wait ??= _context.WaitForExternalEvent<Signal>(Signal.EventName);

        // On Azure Storage a timer can fire up to a second early: only the clock says that time is up.
        while (!_wait.IsCompleted && _context.CurrentUtcDateTime < until)
        {
            using var stopTimer = new CancellationTokenSource();
            var timer = _context.CreateTimer(until, stopTimer.Token);
            await Task.WhenAny(_wait, timer);
            Turns++;
            if (!timer.IsCompleted)
                stopTimer.Cancel();
        }

        if (!_wait.IsCompleted)
            return null;

        var signal = await _wait;
        _wait = null;
        Turns++;
        return signal;
    }

    /// <summary>False when the delivery was received before.</summary>
    private bool Remember(string deliveryId)
    {
        if (_seen.Contains(deliveryId))
            return false;
        _seen.Enqueue(deliveryId);
        if (_seen.Count > MaxRemembered)
            _seen.Dequeue();
        return true;
    }
}
