using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Operations;

/// <summary>Copies the ledger every night.</summary>
public sealed class LedgerTimer(LedgerCopies copies, ILogger<LedgerTimer> logger)
{
    /// <summary>Makes a copy. Where none are kept it says so: on one machine that is how it is meant.</summary>
    [Function(nameof(ExportLedger))]
    public async Task ExportLedger([TimerTrigger("0 47 2 * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        if (copies.AreKept)
            await copies.ExportAsync(cancellationToken);
        else
            logger.NoCopiesKept();
    }
}
