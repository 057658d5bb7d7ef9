using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Outbox;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Notifications;

/// <summary>Has endpoints told once more: what they did not take, or all that was told of in a span of time.</summary>
public sealed class NotificationReplay(
    AppTables tables,
    DueNotices due,
    NotificationDeadLetters letters,
    OutboxBell bell,
    IOptionsMonitor<NotificationOptions> options,
    TimeProvider clock,
    ILogger<NotificationReplay> logger)
{
    /// <summary>Names of the endpoints that are set.</summary>
    public IReadOnlyCollection<string> Endpoints => [.. options.CurrentValue.Receivers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>
    /// Queues dead letters of an endpoint: all, or one. They stay listed until they are taken. Answers how many were queued.
    /// </summary>
    public async Task<int> RedriveAsync(string endpoint, string? subject, long? sequence, CancellationToken cancellationToken)
    {
        var queued = 0;
        await foreach (var letter in letters.FindAsync(endpoint, subject, sequence, cancellationToken))
        {
            await QueueAsync(endpoint, letter.Subject, letter.Sequence, cancellationToken);
            queued++;
        }

        logger.Redriven(queued, endpoint);
        return queued;
    }

    /// <summary>
    /// Queues all that happened in a span of time, whether it was taken before or not. Receivers know by <c>webhook-id</c> what they had.
    /// </summary>
    /// <param name="endpoint">Tells this one only; null tells all.</param>
    /// <returns>How many notifications were queued.</returns>
    public async Task<int> ReplayAsync(
        DateTimeOffset from, DateTimeOffset to, string? endpoint, CancellationToken cancellationToken)
    {
        var queued = 0;
        string[] endpoints = [.. Endpoints.Where(each => endpoint is null || each == endpoint)];
        await foreach (var (subject, sequence) in ToldAsync(from, to, cancellationToken))
        {
            foreach (var each in endpoints)
            {
                await QueueAsync(each, subject, sequence, cancellationToken);
                queued++;
            }
        }

        logger.Replayed(queued, from, to);
        return queued;
    }

    private async Task QueueAsync(string endpoint, string subject, long sequence, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var notice = new DueNotice(endpoint, subject, sequence, now) { Again = true, Since = now };
        await due.PutAsync(notice, cancellationToken);
        bell.Ring(notice);
    }

    private async IAsyncEnumerable<(string Subject, long Sequence)> ToldAsync(
        DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var filter in Spans(from, to))
            await foreach (var row in tables.Outbox.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
                if (row.Text("Subject") is { } subject && row.Number("Sequence") is { } sequence)
                    yield return (subject, sequence);
    }

    /// <summary>
    /// An hour is a partition, and its keys sort by time: the end of the first hour, the hours in between, the beginning of the last one.
    /// </summary>
    private static IEnumerable<string> Spans(DateTimeOffset from, DateTimeOffset to)
    {
        if (from > to)
            yield break;
        var (first, last) = (OutboxKeys.Log(from), OutboxKeys.Log(to));
        // Behind the time a key has a colon, and a semicolon is the character after it.
        var (begin, end) = (OutboxKeys.Time(from), $"{OutboxKeys.Time(to)};");
        if (first == last)
        {
            yield return TableClient.CreateQueryFilter($"PartitionKey eq {first} and RowKey ge {begin} and RowKey lt {end}");
            yield break;
        }

        yield return TableClient.CreateQueryFilter($"PartitionKey eq {first} and RowKey ge {begin}");
        yield return TableClient.CreateQueryFilter($"PartitionKey gt {first} and PartitionKey lt {last}");
        yield return TableClient.CreateQueryFilter($"PartitionKey eq {last} and RowKey lt {end}");
    }
}
