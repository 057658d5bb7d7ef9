using Azure;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>Lists events of a version that knew no lists, as far as somebody has to go after them.</summary>
internal sealed class IndexedEvents(AppTables tables, Inbox inbox) : IIndexedTable
{
    public string Name => nameof(AppTables.Inbox);

    public TableClient Table => tables.Inbox;

    public IAsyncEnumerable<Page<TableEntity>> ReadAsync(int pageSize, string? position, CancellationToken cancellationToken)
        => tables.Inbox.QueryAsync<TableEntity>(InboxSweep.Events, pageSize, cancellationToken: cancellationToken)
            .AsPages(position, pageSize);

    public async Task<bool> ListAsync(TableEntity row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var stored = InboxEvent.Read(row);
        if (stored.State == InboxState.Dead)
            await inbox.Lists.BuryAsync(stored, cancellationToken);
        if (stored.State == InboxState.Waiting || stored.Settles)
            await inbox.Lists.WaitAsync(stored, cancellationToken);
        return stored.State is InboxState.Dead or InboxState.Waiting || stored.Settles;
    }
}
