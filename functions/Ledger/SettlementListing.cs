using System.Runtime.CompilerServices;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Ledger;

/// <summary>Lists what OMS settled.</summary>
internal static class SettlementListing
{
    /// <summary>Transactions that turn cash into tokens, created in a span of time, newest first (docs/oms-api.md 3.2).</summary>
    public static async IAsyncEnumerable<Transaction> ListCashToTokensAsync(
        this OmsClient oms,
        DateTimeOffset from,
        DateTimeOffset to,
        int pageSize,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = new TransactionQuery { CreatedAfter = from, CreatedBefore = to, Limit = pageSize };
        await foreach (var transaction in oms.ReadTransactionsAsync(query, cancellationToken))
        {
            if (transaction.IsCashToTokens())
            {
                yield return transaction;
            }
        }
    }
}
