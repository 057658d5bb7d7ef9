using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Webhooks;

/// <summary>Where events go that say how money from a bank ended.</summary>
public interface IDepositEvents
{
    /// <summary>Sees to it that the deposit is looked at, now or soon; may be told of the same event again.</summary>
    /// <param name="signal">The event: names the transaction, or else the customer.</param>
    Task TakeAsync(Signal signal, DurableTaskClient client, CancellationToken cancellationToken);
}
