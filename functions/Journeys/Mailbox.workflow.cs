using Microsoft.DurableTask;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Journeys;

/// <summary>
/// The one place a journey receives from: a single outstanding wait for <c>signal</c>, raced against a timer
/// (docs/decisions/0004-one-mailbox.md).
/// </summary>
/// <remarks>
/// The wait is never cancelled and never times out: it stays armed over any number of timers until a signal completes it, because an event
/// that comes after a cancelled wait of the same name can be lost. The losing timer is always cancelled.
/// </remarks>
internal sealed class Mailbox(TaskOrchestrationContext context)
{
    private readonly Queue<Signal> _handedBack = new();
    private readonly HashSet<string> _seen = [];
    private Task<Signal>? _wait;

    /// <summary>Puts in signals an activity found waiting in the inbox; they are received before later ones.</summary>
    public void Add(IEnumerable<Signal> signals)
    {
        foreach (var signal in signals)
            _handedBack.Enqueue(signal);
    }

    /// <summary>
    /// Receives the next signal not seen before; <see langword="null"/> once the context's clock has reached <paramref name="until"/>.
    /// </summary>
    public async Task<Signal?> ReceiveAsync(DateTimeOffset until)
    {
        while (true)
        {
            var signal = _handedBack.TryDequeue(out var handedBack) ? handedBack : await NextAsync(until.UtcDateTime);
            if (signal is null || _seen.Add(signal.DeliveryId))
                return signal;
        }
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

        if (!_wait.IsCompleted)
            return null;

        var signal = await _wait;
        _wait = null;
        return signal;
    }
}
