using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>Runs the sweep and the cleaning of the inbox.</summary>
public sealed class InboxTimers(InboxSweep sweep, InboxCleaning cleaning, Leases leases, IndexFill fill)
{
    /// <summary>
    /// Every minute: deliveries left over, dead letters, settlements nobody booked; and, after an upgrade, rows that no list names yet.
    /// </summary>
    [Function(nameof(SweepInbox))]
    public async Task SweepInbox(
        [TimerTrigger("15 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await sweep.RunAsync(client, cancellationToken);
        await fill.RunAsync(client, cancellationToken);
    }

    /// <summary>Once a night: retention, listeners whose journeys are over, leases that ran out.</summary>
    [Function(nameof(CleanInbox))]
    public async Task CleanInbox(
        [TimerTrigger("0 17 3 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await cleaning.RunAsync(client, cancellationToken);
        await leases.CleanAsync(cancellationToken);
    }
}
