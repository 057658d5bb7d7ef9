using Azure;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>Lists events and listeners of a version that knew no lists.</summary>
internal sealed class IndexedEvents(AppTables tables, Inbox inbox) : IIndexedTable
{
    private static readonly string EventsAndListeners = TableClient.CreateQueryFilter(
        $"(RowKey ge {InboxEvent.RowPrefix} and RowKey lt {InboxEvent.RowsEnd}) or RowKey eq {Listeners.RowKey}");

    public string Name => nameof(AppTables.Inbox);

    public TableClient Table => tables.Inbox;

    public IAsyncEnumerable<Page<TableEntity>> ReadAsync(int pageSize, string? position, CancellationToken cancellationToken)
        => tables.Inbox.QueryAsync<TableEntity>(EventsAndListeners, pageSize, cancellationToken: cancellationToken)
            .AsPages(position, pageSize);

    public async Task<bool> ListAsync(TableEntity row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (row.RowKey == Listeners.RowKey)
        {
            if (row.Text("ResourceId") is { } resourceId && row.Time("Since") is { } since)
                await inbox.Lists.KeepAsync(resourceId, since, cancellationToken);
            return true;
        }

        var stored = InboxEvent.Read(row);
        if (stored.State == InboxState.Dead)
            await inbox.Lists.BuryAsync(stored, cancellationToken);
        if (stored.State == InboxState.Waiting || stored.Settles)
            await inbox.Lists.WaitAsync(stored, cancellationToken);
        await inbox.Lists.KeepAsync(stored.Signal.ResourceId, stored.ReceivedAt, cancellationToken);
        return true;
    }
}
