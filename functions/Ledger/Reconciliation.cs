using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Ledger;

/// <summary>
/// Compares what OMS settled with what the ledger credited, transaction by transaction. The invariant of the whole app is that both sums
/// are equal (docs/decisions/0008-money-is-booked-once.md); this is the query that shows it.
/// </summary>
public sealed class Reconciliation(
    OmsClient oms, SettlementLedger ledger, SettlementWatch watch, OpenTransactions open, IOptionsMonitor<LedgerOptions> options,
    TimeProvider clock, ILogger<Reconciliation> logger)
{
    private const int PageSize = 100;

    /// <summary>Compares the transactions OMS created in a span of time, both ends included.</summary>
    /// <param name="from">Start of the span.</param>
    /// <param name="to">End of the span.</param>
    /// <param name="keep">
    /// Whether completed transactions that the ledger does not know, and no journey had time enough to book, are written down as
    /// unclaimed, and
    /// those not completed noted to be followed up; else it only reports.
    /// </param>
    /// <exception cref="OmsException">OMS could not be asked for the list.</exception>
    public async Task<ReconciliationReport> RunAsync(DateTimeOffset from, DateTimeOffset to, bool keep, CancellationToken cancellationToken)
    {
        var settledUntil = clock.GetUtcNow() - options.CurrentValue.SettleWithin;
        if (keep)
            await open.FollowUpAsync(settledUntil, cancellationToken);
        var tally = new Tally();
        await using var listed = ledger.Lists.ListIdsAsync(from, to, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var booked = new BookedAndUnmatched(listed, transactionId => ConfirmAsync(transactionId, tally, cancellationToken));
        var seen = new RecentIds(10 * PageSize);
        await foreach (var transaction in oms.ListCashToTokensAsync(from, to, PageSize, cancellationToken))
        {
            if (!seen.Add(transaction.Id))
                continue;

            if (keep && transaction.IsBankDeposit())
                await SettleAsync(transaction, tally, cancellationToken);

            // Both lists begin with the newest, and nothing is completed before it is created.
            await booked.ReadToAsync(transaction.CreatedAt ?? to);
            var isListed = booked.Take(transaction.Id);
            switch (transaction.Status)
            {
                case TransactionStatus.Completed:
                    await CompareAsync(transaction, settledUntil, keep, isListed, tally, cancellationToken);
                    continue;
                case TransactionStatus.Failed:
                    await CompareFailedAsync(transaction, tally, cancellationToken);
                    continue;
                default:
                    break;
            }

            if (isListed)
                await ConfirmAsync(transaction.Id, tally, cancellationToken);
            if (keep)
                await open.NoteAsync(transaction.Id, cancellationToken);
        }

        await booked.EndAsync();
        var report = tally.Report(from, to);
        logger.Reconciled(
            from, to, report.Balanced, report.Missing.Count, report.Unclaimed.Count, report.Mismatched.Count, report.Unfounded.Count,
            report.InFlight.Count, report.Unread.Count);
        return report;
    }

    /// <summary>Bank money has no journey that books it: it is booked here if no webhook led to it, and a return is noted.</summary>
    private async Task SettleAsync(Transaction transaction, Tally tally, CancellationToken cancellationToken)
    {
        try
        {
            await watch.SettleDepositAsync(transaction, cancellationToken);
        }
        catch (FormatException)
        {
            // The ledger's row is damaged.
            tally.AddUnread(transaction.Id);
        }
        catch (OmsException)
        {
            // The client has logged it; the next run asks again.
            tally.AddUnread(transaction.Id);
        }
    }

    /// <summary>What failed after it was credited is money that the ledger says is there, and is not.</summary>
    private async Task CompareFailedAsync(Transaction transaction, Tally tally, CancellationToken cancellationToken)
    {
        try
        {
            if (await ledger.FindAsync(transaction.Id, cancellationToken) is { State: not SettlementState.Returned } record)
                tally.AddUnfounded(record);
        }
        catch (FormatException)
        {
            tally.AddUnread(transaction.Id);
        }
    }

    private async Task CompareAsync(
        Transaction transaction, DateTimeOffset settledUntil, bool keep, bool isListed, Tally tally, CancellationToken cancellationToken)
    {
        try
        {
            var isRecent = (transaction.CompletedAt ?? transaction.UpdatedAt) > settledUntil;
            var record = await ledger.FindAsync(transaction.Id, cancellationToken);
            if (record is null && keep && !isRecent && await watch.KeepAsync(transaction, cancellationToken))
                record = await ledger.FindAsync(transaction.Id, cancellationToken);
            else if (record is not null && keep && !isListed)
                await ledger.Lists.FileAsync(record, cancellationToken);
            tally.Add(transaction, record, isRecent);
        }
        catch (FormatException)
        {
            // The ledger's row is damaged; it is named by the report.
            tally.AddUnread(transaction.Id);
        }
    }

    private async Task ConfirmAsync(string transactionId, Tally tally, CancellationToken cancellationToken)
    {
        try
        {
            if (await ledger.FindAsync(transactionId, cancellationToken) is { } record && !await IsSettledAsync(record, cancellationToken))
                tally.AddUnfounded(record);
        }
        catch (Exception e) when (e is OmsException or FormatException)
        {
            // Whoever met it has logged it; what is not said of one transaction must not hide the others.
            tally.AddUnread(transactionId);
        }
    }

    /// <summary>
    /// A settlement of the span whose transaction was created before it is none of this report's; one OMS did not settle is.
    /// </summary>
    private async Task<bool> IsSettledAsync(SettlementRecord record, CancellationToken cancellationToken)
    {
        var settlement = record.Settlement;
        try
        {
            var transaction = await oms.GetTransactionAsync(settlement.TransactionId, cancellationToken);
            return record.State == SettlementState.Returned
                ? transaction.Status == TransactionStatus.Failed
                : transaction.Status == TransactionStatus.Completed && transaction.Destination?.AmountNet == settlement.Net;
        }
        catch (OmsException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private sealed class Tally
    {
        private readonly SortedDictionary<string, AssetTotals> _totals = new(StringComparer.Ordinal);
        private readonly List<string> _missing = [];
        private readonly List<string> _unclaimed = [];
        private readonly List<AmountMismatch> _mismatched = [];
        private readonly List<string> _unfounded = [];
        private readonly List<string> _inFlight = [];
        private readonly List<string> _unread = [];

        public void Add(Transaction transaction, SettlementRecord? record, bool isRecent)
        {
            var asset = transaction.Destination?.Asset ?? "";
            var settled = transaction.Destination?.AmountNet ?? 0m;
            var totals = _totals.GetValueOrDefault(asset) ?? new AssetTotals(asset, 0, 0m, 0, 0m, 0m);
            totals = totals with { SettledCount = totals.SettledCount + 1, Settled = totals.Settled + settled };
            if (record is null)
            {
                (isRecent ? _inFlight : _missing).Add(transaction.Id);
            }
            else if (record.State == SettlementState.Returned)
            {
                _mismatched.Add(new AmountMismatch(transaction.Id, settled, 0m));
            }
            else if (record.State == SettlementState.Unclaimed)
            {
                _unclaimed.Add(transaction.Id);
                totals = totals with { Unclaimed = totals.Unclaimed + record.Settlement.Net };
            }
            else
            {
                totals = totals with { CreditedCount = totals.CreditedCount + 1, Credited = totals.Credited + record.Settlement.Net };
                if (record.Settlement.Net != settled || record.Settlement.Asset != asset)
                    _mismatched.Add(new AmountMismatch(transaction.Id, settled, record.Settlement.Net));
            }

            _totals[asset] = totals;
        }

        public void AddUnfounded(SettlementRecord record) => _unfounded.Add(record.Settlement.TransactionId);

        public void AddUnread(string transactionId) => _unread.Add(transactionId);

        public ReconciliationReport Report(DateTimeOffset from, DateTimeOffset to) => new(
            from, to, _missing.Count + _unclaimed.Count + _mismatched.Count + _unfounded.Count + _unread.Count == 0,
            [.. _totals.Values], _missing, _unclaimed, _mismatched, _unfounded, _inFlight, [.. _unread.Distinct()]);
    }
}
