using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Ledger;

/// <summary>Runs the reconciliation every hour.</summary>
public sealed class ReconciliationTimer(
    Reconciliation reconciliation, IOptionsMonitor<LedgerOptions> options, TimeProvider clock, ILogger<ReconciliationTimer> logger)
{
    /// <summary>Each run looks back so far that several may fail before anything is overlooked.</summary>
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(3);

    /// <summary>What OMS settled and the ledger does not know becomes an unclaimed settlement, webhook or no webhook.</summary>
    [Function(nameof(ReconcileHourly))]
    public async Task ReconcileHourly([TimerTrigger("0 7 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var report = await reconciliation.RunAsync(now - LookBack, now, now - options.CurrentValue.SettleWithin, cancellationToken);
        if (report.Mismatched.Count + report.Unfounded.Count > 0)
        {
            var mismatched = string.Join(' ', report.Mismatched.Select(mismatch => mismatch.TransactionId));
            logger.MoneyDiffers(mismatched, string.Join(' ', report.Unfounded));
        }
    }
}
