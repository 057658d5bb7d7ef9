using Microsoft.Azure.Functions.Worker;

namespace OmsWorkflows.Ledger;

/// <summary>Runs the reconciliation: every hour over days, once a day over months.</summary>
public sealed class ReconciliationTimer(Reconciliation reconciliation, ReconciliationAlarm alarm, TimeProvider clock)
{
    /// <summary>Each run looks back so far that several may fail before anything is overlooked.</summary>
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(3);

    /// <summary>Finds what was created while no run could note it as open, and settled long after.</summary>
    private static readonly TimeSpan LongLookBack = TimeSpan.FromDays(90);

    /// <summary>What OMS settled and the ledger does not know becomes an unclaimed settlement, webhook or no webhook.</summary>
    [Function(nameof(ReconcileHourly))]
    public Task ReconcileHourly([TimerTrigger("0 7 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        => RunAsync("hourly", LookBack, cancellationToken);

    /// <summary>As <see cref="ReconcileHourly"/>, far back.</summary>
    [Function(nameof(ReconcileDaily))]
    public Task ReconcileDaily([TimerTrigger("0 37 2 * * *")] TimerInfo timer, CancellationToken cancellationToken)
        => RunAsync("daily", LongLookBack, cancellationToken);

    private async Task RunAsync(string run, TimeSpan lookBack, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var report = await reconciliation.RunAsync(now - lookBack, now, keep: true, cancellationToken);
        await alarm.RaiseAsync(run, report, cancellationToken);
    }
}
