using System.Net;
using Azure;
using Azure.Data.Tables;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Ledger;

/// <summary>The rows of the ledger, one per transaction. Whoever writes first wins; who lost looks at what stands there now.</summary>
internal sealed class SettlementTable(AppTables tables)
{
    public async Task<TableEntity?> ReadAsync(string transactionId, CancellationToken cancellationToken)
    {
        var found = await tables.Settlements.GetEntityIfExistsAsync<TableEntity>(
            TableKey.Of(transactionId), SettlementRow.RowKey, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>False when there is a row of this transaction. Whoever adds one lists it, so that nobody has to do so afterwards.</summary>
    public Task<bool> TryAddAsync(SettlementRecord record, CancellationToken cancellationToken)
    {
        var row = SettlementRow.Write(record);
        row[IndexFill.Indexed] = true;
        return tables.Settlements.TryAddAsync(row, cancellationToken);
    }

    /// <summary>False when somebody else wrote in between.</summary>
    public async Task<bool> TryReplaceAsync(SettlementRecord record, TableEntity seen, CancellationToken cancellationToken)
    {
        try
        {
            await tables.Settlements.UpdateEntityAsync(
                SettlementRow.Write(record).Over(seen), seen.ETag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }
}
