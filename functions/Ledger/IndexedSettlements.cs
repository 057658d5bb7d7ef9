using Azure;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Ledger;

/// <summary>Lists settlements, and transactions under way, of a version that knew no lists.</summary>
internal sealed class IndexedSettlements(AppTables tables, SettlementLedger ledger, OpenTransactions open) : IIndexedTable
{
    public string Name => nameof(AppTables.Settlements);

    public TableClient Table => tables.Settlements;

    public IAsyncEnumerable<Page<TableEntity>> ReadAsync(int pageSize, string? position, CancellationToken cancellationToken)
        => tables.Settlements.QueryAsync<TableEntity>((string?)null, pageSize, cancellationToken: cancellationToken)
            .AsPages(position, pageSize);

    public async Task<bool> ListAsync(TableEntity row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        switch (row.RowKey)
        {
            case SettlementRow.RowKey:
                await ledger.Lists.FileAsync(SettlementRow.Read(row), cancellationToken);
                return true;
            case OpenTransactions.RowKey when row.Text("TransactionId") is { } transactionId:
                await open.NoteAsync(transactionId, cancellationToken);
                await tables.Settlements.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
                return false;
            default:
                return false;
        }
    }
}
