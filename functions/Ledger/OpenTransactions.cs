using System.Net;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Ledger;

/// <summary>
/// Transactions OMS has begun and not finished: a row for each, kept until OMS says how it ended. A settlement that takes longer than any
/// look
/// back is then still noticed, although its webhook was lost and its journey is over (docs/decisions/0008-money-is-booked-once.md).
/// </summary>
public sealed class OpenTransactions(AppTables tables, SettlementWatch watch, TimeProvider clock, ILogger<OpenTransactions> logger)
{
    private const string RowKey = "open";

    /// <summary>Notes a transaction that is not final; may be repeated.</summary>
    internal async Task NoteAsync(string transactionId, CancellationToken cancellationToken)
    {
        try
        {
            var row = new TableEntity(
                TableKey.Of(transactionId), RowKey)
            { ["TransactionId"] = transactionId, ["NotedAt"] = clock.GetUtcNow() };
            await tables.Settlements.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            // Noted before.
        }
    }

    /// <summary>Asks OMS how each one stands, and writes down as unclaimed what it completed before a time and no journey booked.</summary>
    internal async Task FollowUpAsync(DateTimeOffset completedUntil, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"RowKey eq {RowKey}");
        await foreach (var row in tables.Settlements.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            try
            {
                if (await watch.IsClosedAsync(row.GetString("TransactionId"), null, cancellationToken, completedUntil))
                    await tables.Settlements.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One that OMS does not answer for must not keep the others; the next run asks again.
                logger.FollowUpFailed(row.PartitionKey, e);
            }
        }
    }
}
