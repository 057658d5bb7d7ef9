using OmsWorkflows.Soak.Processes;

namespace OmsWorkflows.Soak.Books;

/// <summary>
/// Waits until the ledger knows all that was settled. What no journey books comes from the sweep, minutes later; if every webhook of a
/// settlement was lost as well, from the hourly reconciliation.
/// </summary>
internal sealed class LedgerWait(OmsSimulator oms, AppLedger ledger, Action<string> progress)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(4);

    /// <summary>The app reconciles at seven minutes past the hour what was settled long enough before.</summary>
    private static readonly TimeSpan HourlyAt = TimeSpan.FromMinutes(7);

    /// <returns>The ledger; without what did not come although it had the time.</returns>
    public async Task<IReadOnlyList<LedgerRow>> UntilAllIsThereAsync(CancellationToken cancellationToken)
    {
        var deadline = DateTimeOffset.UtcNow + Sweep;
        var hourly = false;
        using var timer = new PeriodicTimer(Look);
        while (true)
        {
            var rows = await ledger.ReadAsync(cancellationToken);
            var missing = await MissingAsync(rows, cancellationToken);
            if (missing.Count == 0 || (DateTimeOffset.UtcNow >= deadline && hourly))
                return rows;
            if (DateTimeOffset.UtcNow >= deadline)
            {
                (hourly, deadline) = (true, NextHourly(DateTimeOffset.UtcNow) + TimeSpan.FromMinutes(1));
                progress($"{missing.Count} settled and not yet in the ledger ({string.Join(' ', missing)}): "
                    + $"waiting for the hourly reconciliation, until {deadline:HH:mm}");
            }
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static DateTimeOffset NextHourly(DateTimeOffset now)
    {
        var due = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero) + HourlyAt;
        return due > now ? due : due + TimeSpan.FromHours(1);
    }

    private async Task<IReadOnlyList<string>> MissingAsync(IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
    {
        var known = rows.Select(row => row.TransactionId).ToHashSet();
        var settled = (await oms.ShowAsync("ledger", cancellationToken)).Items("settlements")
            .Select(settlement => settlement.Text("transactionId")!)
            .ToList();
        var open = (await oms.ListAsync("/transactions", cancellationToken))
            .Where(transaction => transaction.Text("status") == "processing")
            .Select(transaction => transaction.Text("id")!);
        return [.. settled.Where(id => !known.Contains(id)), .. open];
    }
}
