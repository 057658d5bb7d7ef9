using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using OmsWorkflows.Outbox;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Notifications;

/// <summary>The stored notices of what is due.</summary>
public sealed class DueNotices(AppTables tables)
{
    /// <summary>What is due at an endpoint, oldest first, a page at a time; nothing else is read.</summary>
    internal async IAsyncEnumerable<IReadOnlyList<DueNotice>> ListAsync(
        string endpoint, DateTimeOffset until, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {OutboxKeys.Due(endpoint)} and RowKey lt {OutboxKeys.Time(until)}");
        await foreach (var page in tables.Outbox.QueryAsync<TableEntity>(
            filter, pageSize, cancellationToken: cancellationToken).AsPages(null, pageSize))
            yield return [.. page.Values.Select(row => DueNotice.Read(endpoint, row)).OfType<DueNotice>()];
    }

    /// <summary>Writes a notice; the same one again changes nothing.</summary>
    internal Task PutAsync(DueNotice notice, CancellationToken cancellationToken)
        => tables.Outbox.UpsertEntityAsync(notice.Write(), TableUpdateMode.Replace, cancellationToken);

    /// <summary>Takes notices away; may be repeated.</summary>
    internal async Task RemoveAsync(IEnumerable<DueNotice> notices, CancellationToken cancellationToken)
    {
        foreach (var notice in notices)
            await tables.Outbox.DeleteEntityAsync(notice.PartitionKey, notice.RowKey, ETag.All, cancellationToken);
    }
}
