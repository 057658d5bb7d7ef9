using Azure;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// Removes events past their retention, and the listeners of journeys that are over or gone. It goes by the list of resources that have had
/// rows for so long, so it costs as much as it removes, however much is kept (docs/decisions/0015-reads-that-do-not-scan.md).
/// </summary>
public sealed class InboxCleaning(
    AppTables tables, Inbox inbox, IOptionsMonitor<WebhookOptions> options, TimeProvider clock, ILogger<InboxCleaning> logger)
{
    /// <summary>A pass ends after that long; the next one goes on.</summary>
    private static readonly TimeSpan LongestPass = TimeSpan.FromMinutes(10);

    private const int AtOnce = 8;
    private const int PageSize = 50;

    /// <summary>As many as a store removes at a time.</summary>
    private const int MostTogether = 100;

    /// <summary>Removes what is old, as far as one pass comes.</summary>
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var started = clock.GetTimestamp();
        var cutoff = clock.GetUtcNow() - options.CurrentValue.Retention;
        // What somebody still has to go after is kept, however old.
        var open = await OpenAsync(cutoff, cancellationToken);
        await foreach (var page in TableIndex.PagesAsync(
            PageSize, after => inbox.Lists.ReadKeptAsync(cutoff, after, PageSize, cancellationToken)))
        {
            var changes = new System.Collections.Concurrent.ConcurrentQueue<IndexChange>();
            var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(page.GroupBy(InboxLists.ResourceOf), limits, async (rows, token) =>
            {
                if (await TryCleanAsync(rows.Key, cutoff, open, client, token) is not { } left)
                    return;
                foreach (var row in rows)
                    changes.Enqueue(IndexChange.Remove(row.List, row.Position));
                if (left.Since is { } since)
                    changes.Enqueue(InboxLists.KeptSince(rows.Key!, since));
            });
            // What is listed again comes first: where both fail to be made together, nothing is forgotten.
            await inbox.Lists.ChangeAsync([.. changes.OrderBy(change => change.Columns is null)], cancellationToken);
            if (clock.GetElapsedTime(started) >= LongestPass)
                return;
        }
    }

    /// <summary>Since when the resource has what is left of it, if anything is; null when it could not be cleaned.</summary>
    private async Task<Left?> TryCleanAsync(
        string? resourceId,
        DateTimeOffset cutoff,
        HashSet<(string PartitionKey, string RowKey)> open,
        DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (resourceId is null)
            return new(null);
        try
        {
            var events = await RemoveEventsAsync(resourceId, cutoff, open, cancellationToken);
            var listeners = await RemoveListenersAsync(resourceId, cutoff, client, cancellationToken);
            return new(events < listeners ? events : listeners ?? events);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // One resource that cannot be cleaned up must not keep the others; the next run tries it again.
            logger.CleaningFailed(resourceId, e);
            return null;
        }
    }

    /// <summary>When the oldest of the events that stay came in; null when none stays.</summary>
    private async Task<DateTimeOffset?> RemoveEventsAsync(
        string resourceId, DateTimeOffset cutoff, HashSet<(string PartitionKey, string RowKey)> open, CancellationToken cancellationToken)
    {
        DateTimeOffset? oldest = null;
        var old = new List<TableTransactionAction>();
        var events = TableClient.CreateQueryFilter(
            $"PartitionKey eq {TableKey.Of(resourceId)} and RowKey ge {InboxEvent.RowPrefix} and RowKey lt {InboxEvent.RowsEnd}");
        string[] columns = ["PartitionKey", "RowKey", "ReceivedAt"];
        await foreach (var row in tables.Inbox.QueryAsync<TableEntity>(events, select: columns, cancellationToken: cancellationToken))
        {
            // One whose time cannot be read stays, for a person to look at.
            var receivedAt = row.Time("ReceivedAt") ?? clock.GetUtcNow();
            if (receivedAt < cutoff && !open.Contains((row.PartitionKey, row.RowKey)))
                old.Add(new(TableTransactionActionType.Delete, row, ETag.All));
            else if (oldest is null || receivedAt < oldest)
                oldest = receivedAt;
        }

        foreach (var chunk in old.Chunk(MostTogether))
            await tables.Inbox.SubmitTransactionAsync(chunk, cancellationToken);
        return oldest;
    }

    /// <summary>
    /// Since when somebody listens; null when nobody does any more. The listener of a journey that came to its end says until the cutoff
    /// that what is told of its resource concerns nobody.
    /// </summary>
    private async Task<DateTimeOffset?> RemoveListenersAsync(
        string resourceId, DateTimeOffset cutoff, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var found = await tables.Inbox.GetEntityIfExistsAsync<TableEntity>(
            TableKey.Of(resourceId), Listeners.RowKey, cancellationToken: cancellationToken);
        if (!found.HasValue)
            return null;
        var since = found.Value!.Time("Since");
        if (since >= cutoff)
            return since;
        var stay = false;
        foreach (var listener in Listeners.Of(found.Value!))
        {
            if (await client.GetInstanceAsync(listener.InstanceId, cancellationToken) is { IsCompleted: false })
            {
                stay = true;
                continue;
            }

            logger.ListenerGone(listener.InstanceId, resourceId);
            await inbox.RemoveListenerAsync(resourceId, listener.InstanceId, cancellationToken);
        }

        return stay ? since : null;
    }

    private async Task<HashSet<(string PartitionKey, string RowKey)>> OpenAsync(
        DateTimeOffset cutoff, CancellationToken cancellationToken)
    {
        var open = new HashSet<(string PartitionKey, string RowKey)>();
        await foreach (var page in TableIndex.PagesAsync(
            PageSize, after => inbox.Lists.ReadWaitingAsync(cutoff, after, PageSize, cancellationToken)))
            foreach (var row in page)
                if (InboxLists.EventOf(row) is { } of)
                    open.Add((TableKey.Of(of.ResourceId), InboxEvent.RowPrefix + TableKey.Of(of.DeliveryId)));
        return open;
    }

    /// <param name="Since">Since when; null when nothing is left.</param>
    private sealed record Left(DateTimeOffset? Since);
}
