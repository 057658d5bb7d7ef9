using System.Runtime.CompilerServices;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Ledger;

/// <summary>Lists what OMS settled.</summary>
internal static class SettlementListing
{
    /// <summary>Completed transactions that turned cash into tokens, created in a span of time, newest first (OMS API 3.2).</summary>
    public static async IAsyncEnumerable<Transaction> ListSettledTransactionsAsync(
        this OmsClient oms, DateTimeOffset from, DateTimeOffset to, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new TransactionQuery { CreatedAfter = from, CreatedBefore = to, Limit = pageSize };
        while (true)
        {
            var page = await oms.ListTransactionsAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var transaction in page.Data)
                if (transaction.Status == TransactionStatus.Completed && transaction.IsCashToTokens()) yield return transaction;
            if (!page.HasMore) yield break;
            query = query with
            {
                StartingAfter = page.NextCursor ?? throw new OmsException("OMS says there are more transactions, but not where.") { Code = "no_cursor" },
            };
        }
    }
}
