using Microsoft.DurableTask.Client;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.Journeys;

/// <summary>What the rooms before this one need to know of a journey.</summary>
internal sealed class JourneyDirectory(JourneySearch search) : IJourneyDirectory
{
    public async Task<JourneyFacts?> FindAsync(string instanceId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await search.GetAsync(instanceId, client, cancellationToken) is not { Status: var status } view)
            return null;
        return new(
            status.Phase.ToString(),
            status.Ended,
            status.CustomerId ?? view.Intake.CustomerId,
            status.CashInId,
            status.TransactionId ?? status.Payout?.TransactionId,
            status.Settlement?.TransactionId)
        {
            HistoryGone = status.Reason is { Code: JourneyView.HistoryGoneCode },
        };
    }
}
