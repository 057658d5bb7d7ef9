using System.Net;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// Which journeys listen to a resource: one row beside its events. Every delivery reads it, so it is found by its key alone; a row for each
/// listener would need a query, the most expensive call a store has.
/// </summary>
/// <remarks>
/// While a resource has one listener, as it hardly ever has more, a second row says so by its key: an event that names the journey is
/// stored on condition that this row is there, which tells without a read that the journey listens.
/// </remarks>
internal sealed class Listeners(AppTables tables, TimeProvider clock)
{
    /// <summary>The row's key in the partition of its resource.</summary>
    public const string RowKey = "listeners";

    private const string Property = "Listeners";

    /// <summary>The key of the row that says that a journey is the only one.</summary>
    public static string OnlyKey(string instanceId) => $"only:{TableKey.Of(instanceId)}";

    /// <summary>The journeys, in the order they came.</summary>
    public async Task<IReadOnlyList<Listener>> FindAsync(string resourceId, CancellationToken cancellationToken)
        => await ReadAsync(resourceId, cancellationToken) is { } row ? Of(row) : [];

    /// <summary>Adds a journey; may be repeated.</summary>
    /// <param name="beside">A row that is written at the same time.</param>
    public async Task AddAsync(
        string resourceId, Listener listener, TableTransactionAction? beside, CancellationToken cancellationToken)
    {
        // Hardly any resource has two listeners: the insert alone usually does.
        while (!await InsertAsync(resourceId, listener, beside, cancellationToken))
        {
            if (await ReadAsync(resourceId, cancellationToken) is not { } row)
                continue;
            var listening = Of(row);
            if (listening.Any(known => known.InstanceId == listener.InstanceId))
                return;

            // Nobody is the only one any more, before there are two.
            foreach (var other in listening)
                await tables.Inbox.DeleteEntityAsync(row.PartitionKey, OnlyKey(other.InstanceId), ETag.All, cancellationToken);
            if (beside is not null)
                await tables.Inbox.UpsertEntityAsync(beside.Entity, TableUpdateMode.Replace, cancellationToken);
            if (await ReplaceAsync(row, [.. listening, listener], cancellationToken))
                return;
        }
    }

    /// <summary>Removes a journey; may be repeated.</summary>
    public async Task RemoveAsync(string resourceId, string instanceId, CancellationToken cancellationToken)
    {
        await tables.Inbox.DeleteEntityAsync(TableKey.Of(resourceId), OnlyKey(instanceId), ETag.All, cancellationToken);
        while (await ReadAsync(resourceId, cancellationToken) is { } row)
        {
            var listening = Of(row);
            if (listening.All(known => known.InstanceId != instanceId))
                return;
            if (await ReplaceAsync(row, [.. listening.Where(known => known.InstanceId != instanceId)], cancellationToken))
                return;
        }
    }

    /// <summary>The journeys of a row.</summary>
    public static IReadOnlyList<Listener> Of(TableEntity row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return JsonSerializer.Deserialize<Listener[]>(row.GetString(Property))!;
    }

    private async Task<TableEntity?> ReadAsync(string resourceId, CancellationToken cancellationToken)
    {
        var row = await tables.Inbox.GetEntityIfExistsAsync<TableEntity>(
            TableKey.Of(resourceId), RowKey, cancellationToken: cancellationToken);
        return row.HasValue ? row.Value : null;
    }

    private async Task<bool> InsertAsync(
        string resourceId, Listener listener, TableTransactionAction? beside, CancellationToken cancellationToken)
    {
        var first = Row(resourceId, [listener]);
        // The journey lists its resources itself.
        first[IndexFill.Indexed] = true;
        var only = new TableEntity(TableKey.Of(resourceId), OnlyKey(listener.InstanceId));
        List<TableTransactionAction> rows =
        [
            new(TableTransactionActionType.Add, first),
            new(TableTransactionActionType.UpsertReplace, only),
        ];
        if (beside is not null)
            rows.Add(beside);
        try
        {
            await tables.Inbox.SubmitTransactionAsync(rows, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>False when somebody else wrote in between.</summary>
    private async Task<bool> ReplaceAsync(TableEntity seen, Listener[] listeners, CancellationToken cancellationToken)
    {
        try
        {
            if (listeners.Length == 0)
                await tables.Inbox.DeleteEntityAsync(seen.PartitionKey, seen.RowKey, seen.ETag, cancellationToken);
            else
                await tables.Inbox.UpdateEntityAsync(
                    Row(seen.GetString("ResourceId"), listeners), seen.ETag, TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private TableEntity Row(string resourceId, Listener[] listeners) => new(TableKey.Of(resourceId), RowKey)
    {
        ["ResourceId"] = resourceId,
        [Property] = JsonSerializer.Serialize(listeners),
        ["Since"] = clock.GetUtcNow(),
    };
}

/// <summary>Who listens to a resource.</summary>
/// <param name="Trace">The span in which it began to listen, in W3C form.</param>
internal sealed record Listener(string InstanceId, string? Trace);
