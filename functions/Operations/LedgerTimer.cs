using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Operations;

/// <summary>Copies the ledger every night, and then removes journeys past their retention: what goes was copied before.</summary>
public sealed class LedgerTimer(LedgerCopies copies, JourneyRemoval removal, OrchestrationRemoval others, ILogger<LedgerTimer> logger)
{
    /// <summary>Makes a copy. Where none are kept it says so: on one machine that is how it is meant.</summary>
    [Function(nameof(ExportLedger))]
    public async Task ExportLedger(
        [TimerTrigger("0 47 2 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (copies.AreKept)
            await copies.ExportAsync(cancellationToken);
        else
            logger.NoCopiesKept();
        await removal.RemoveOldAsync(client, cancellationToken);
        await others.RemoveOldAsync(client, cancellationToken);
    }
}
