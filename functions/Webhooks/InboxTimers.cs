using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Webhooks;

/// <summary>Runs the sweep of the inbox.</summary>
public sealed class InboxTimers(InboxSweep sweep)
{
    /// <summary>Every minute: deliveries left over, dead letters, settlements nobody booked.</summary>
    [Function(nameof(SweepInbox))]
    public Task SweepInbox(
        [TimerTrigger("15 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
        => sweep.RunAsync(client, cancellationToken);

    /// <summary>Once a night: retention, and listeners whose journeys are over.</summary>
    [Function(nameof(CleanInbox))]
    public Task CleanInbox(
        [TimerTrigger("0 17 3 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
        => sweep.CleanAsync(client, cancellationToken);
}
