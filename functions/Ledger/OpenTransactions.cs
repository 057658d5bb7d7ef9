using Microsoft.Extensions.Logging;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Ledger;

/// <summary>
/// Transactions OMS has begun and not finished: a row for each, kept until OMS says how it ended. A settlement that takes longer than any
/// look back is then still noticed, although its webhook was lost and its journey is over (docs/decisions/0008-money-is-booked-once.md).
/// </summary>
public sealed class OpenTransactions(AppTables tables, SettlementWatch watch, TimeProvider clock, ILogger<OpenTransactions> logger)
{
    /// <summary>The key of the rows of older versions, which stand in no list.</summary>
    internal const string RowKey = "open";

    private const string List = "unsettled";
    private const string Id = "TransactionId";
    private const int PageSize = 500;

    private readonly TableIndex _index = new(tables);

    /// <summary>Notes a transaction that is not final; may be repeated.</summary>
    internal Task NoteAsync(string transactionId, CancellationToken cancellationToken)
        => _index.WriteAsync(
            [IndexChange.Put(List, TableKey.Of(transactionId), (Id, transactionId), ("NotedAt", $"{clock.GetUtcNow():O}"))],
            cancellationToken);

    /// <summary>Asks OMS how each one stands, and writes down as unclaimed what it completed before a time and no journey booked.</summary>
    internal async Task FollowUpAsync(DateTimeOffset completedUntil, CancellationToken cancellationToken)
    {
        await foreach (var page in TableIndex.PagesAsync(
            PageSize, after => _index.ReadAsync(List, new(After: after), PageSize, cancellationToken)))
        {
            var done = new List<IndexChange>();
            foreach (var row in page)
                if (await IsClosedAsync(row, completedUntil, cancellationToken))
                    done.Add(IndexChange.Remove(row.List, row.Position));
            await _index.WriteAsync(done, cancellationToken);
        }
    }

    private async Task<bool> IsClosedAsync(IndexRow row, DateTimeOffset completedUntil, CancellationToken cancellationToken)
    {
        try
        {
            return await watch.IsClosedAsync(row.Text(Id), null, cancellationToken, completedUntil);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // One that OMS does not answer for must not keep the others; the next run asks again.
            logger.FollowUpFailed(row.Position, e);
            return false;
        }
    }
}
