using Microsoft.DurableTask.Client;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.Functions.Tests.Ledger;

/// <summary>Journeys by their id.</summary>
internal sealed class KnownJourneys : Dictionary<string, JourneyFacts>, IJourneyDirectory
{
    public Task<JourneyFacts?> FindAsync(string instanceId, DurableTaskClient client, CancellationToken cancellationToken)
        => Task.FromResult(this.GetValueOrDefault(instanceId));
}
