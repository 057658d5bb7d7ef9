using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Outbox;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Notifications;

/// <summary>
/// Removes what is past its retention, by the time at which it was told of: messages, their dead letters, and how far endpoints were. It
/// reads nothing that stays.
/// </summary>
public sealed class NotificationCleaning(
    AppTables tables,
    NotificationDeadLetters letters,
    IOptionsMonitor<NotificationOptions> options,
    TimeProvider clock,
    ILogger<NotificationCleaning> logger)
{
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var cutoff = clock.GetUtcNow() - options.CurrentValue.Retention;
        var refusers = await letters.EndpointsAsync(cancellationToken);

        // Whole hours, each a partition of its own.
        var old = TableClient.CreateQueryFilter(
            $"PartitionKey ge {OutboxKeys.FirstLog} and PartitionKey lt {OutboxKeys.Log(cutoff)}");
        await foreach (var row in tables.Outbox.QueryAsync<TableEntity>(old, cancellationToken: cancellationToken))
        {
            try
            {
                await RemoveMessageAsync(row, refusers, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One row that cannot be cleaned up must not keep the others; the next run tries it again.
                logger.CleaningFailed(row.PartitionKey, row.RowKey, e);
            }
        }
    }

    /// <summary>
    /// The message with its dead letters, then the subject's lines once they are all that is left of it, and the entry that led here last.
    /// </summary>
    private async Task RemoveMessageAsync(TableEntity entry, IReadOnlyList<string> refusers, CancellationToken cancellationToken)
    {
        if (entry.Text("Subject") is { } subject && entry.Number("Sequence") is { } sequence)
        {
            var partition = OutboxKeys.Subject(subject);
            await DeleteAsync(partition, OutboxKeys.Message(sequence), cancellationToken);
            foreach (var endpoint in refusers)
                await letters.RemoveAsync(endpoint, subject, sequence, cancellationToken);
            var rest = new List<string>();
            var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition}");
            string[] keys = ["PartitionKey", "RowKey"];
            await foreach (var row in tables.Outbox.QueryAsync<TableEntity>(filter, select: keys, cancellationToken: cancellationToken))
                rest.Add(row.RowKey);
            if (!rest.Exists(key => key.StartsWith(OutboxKeys.FirstMessage, StringComparison.Ordinal)))
            {
                foreach (var key in rest)
                    await DeleteAsync(partition, key, cancellationToken);
            }
        }

        await DeleteAsync(entry.PartitionKey, entry.RowKey, cancellationToken);
    }

    private async Task DeleteAsync(string partition, string row, CancellationToken cancellationToken)
        => await tables.Outbox.DeleteEntityAsync(partition, row, ETag.All, cancellationToken);
}
