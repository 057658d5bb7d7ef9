using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.BankDeposits;

/// <summary>Starts one short orchestration for each event about money from a bank; the same event again starts none.</summary>
internal sealed class DepositEvents(TimeProvider clock) : IDepositEvents
{
    /// <summary>Begins the ids of these orchestrations.</summary>
    internal const string Prefix = "bd";

    /// <summary>How late a virtual account's event may come after its transaction began.</summary>
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(1);

    /// <summary>A bank can take a transfer back for so long.</summary>
    private static readonly TimeSpan ReturnLookBack = TimeSpan.FromDays(90);

    public async Task TakeAsync(Signal signal, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var id = JourneyId.From(Prefix, signal.DeliveryId);
        if (await client.GetInstanceAsync(id, cancellationToken) is not null)
            return;
        var options = new StartOrchestrationOptions(id).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(BankDepositWorkflow.Name, ToHint(signal), options, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Two deliveries of the same event can meet here; each backend says so with an exception of its own.
            if (await client.GetInstanceAsync(id, cancellationToken) is null)
                throw;
        }
    }

    private DepositHint ToHint(Signal signal)
    {
        var settled = Word.Same(signal.Status, "settled");
        var since = (signal.UpdatedAt ?? clock.GetUtcNow()) - (settled ? LookBack : ReturnLookBack);
        return new(signal.TransactionId, signal.CustomerId, since, settled);
    }
}
