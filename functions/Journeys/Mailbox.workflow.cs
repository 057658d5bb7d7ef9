using Microsoft.DurableTask;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Journeys;

/// <summary>
/// The one place a journey receives from: a single outstanding wait for <c>signal</c>, raced against a timer
/// (docs/decisions/0004-one-mailbox.md).
/// </summary>
/// <remarks>
/// The wait is never cancelled and never times out: it stays armed over any number of timers until a signal completes it, because an event that
/// comes after a cancelled wait of the same name can be lost. The losing timer is always cancelled.
/// </remarks>
/// <param name="context">The orchestration.</param>
/// <param name="resumed">What the journey took along, when its history started over.</param>
internal sealed class Mailbox(TaskOrchestrationContext context, JourneyState? resumed = null)
{
    /// <summary>Each wait makes up to eight events with what follows from it.</summary>
    private const int MostWaits = 16;

    private const int MostRemembered = 200;

    private readonly Queue<Signal> _unread = new(resumed?.Unread ?? []);
    private readonly Queue<string> _seen = new(resumed?.Seen ?? []);
    private Task<Signal>? _wait;
    private int _waits;

    /// <summary>Whether so much was waited for that the history should start over, before the next wait.</summary>
    public bool HistoryIsFull => _waits >= MostWaits;

    /// <summary>Puts in signals an activity found waiting in the inbox; they are received before later ones.</summary>
    public void Add(IEnumerable<Signal> signals)
    {
        foreach (var signal in signals)
            _unread.Enqueue(signal);
    }

    /// <summary>
    /// Receives the next signal not seen before; <see langword="null"/> when the context's clock has reached <paramref name="until"/>, or there
    /// is nothing new and the history is full.
    /// </summary>
    public async Task<Signal?> ReceiveAsync(DateTimeOffset until)
    {
        do
        {
            var signal = _unread.TryDequeue(out var unread) ? unread : await NextAsync(until.UtcDateTime);
            if (signal is null || IsNew(signal))
                return signal;
        }
        while (!HistoryIsFull);
        return null;
    }

    /// <summary>What is taken along: a signal that came and that nobody received is still to be read, whether its wait was looked at or not.</summary>
    public JourneyState ToState(JourneyStatus status) => new(
        status, [.. _unread, .. _wait is { IsCompletedSuccessfully: true } arrived ? new[] { arrived.Result } : []], [.. _seen]);

    private bool IsNew(Signal signal)
    {
        if (_seen.Contains(signal.DeliveryId))
            return false;
        _seen.Enqueue(signal.DeliveryId);
        if (_seen.Count > MostRemembered)
            _seen.Dequeue();
        return true;
    }

    private async Task<Signal?> NextAsync(DateTime until)
    {
        _wait ??= context.WaitForExternalEvent<Signal>(Signal.EventName);

        // On Azure Storage a timer can fire up to a second early: only the clock says that time is up.
        while (!_wait.IsCompleted && context.CurrentUtcDateTime < until)
        {
            using var stopTimer = new CancellationTokenSource();
            var timer = context.CreateTimer(until, stopTimer.Token);
            await Task.WhenAny(_wait, timer);
            if (!timer.IsCompleted)
                stopTimer.Cancel();
        }

        _waits++;
        if (!_wait.IsCompleted)
            return null;

        var signal = await _wait;
        _wait = null;
        return signal;
    }
}
