using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Http;
using OmsWorkflows.Outbox;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Notifications;

/// <summary>
/// Notifications that an endpoint did not take in time. They stay until they are taken after all, or their retention ends.
/// </summary>
public sealed class NotificationDeadLetters(
    AppTables tables, NotificationMetrics metrics, TimeProvider clock, ILogger<NotificationDeadLetters> logger)
{
    /// <summary>The list that page tokens belong to.</summary>
    internal const string ListName = "notification-dead-letters";

    /// <summary>One page, by endpoint and subject; only dead letters are read.</summary>
    /// <param name="limit">Most letters in the answer.</param>
    /// <param name="after">Where the page before ended.</param>
    public async Task<NotificationDeadLetterPage> ListAsync(int limit, string? after, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey ge {OutboxKeys.FirstDead} and PartitionKey lt {OutboxKeys.AfterDead}");
        await foreach (var page in tables.Outbox.QueryAsync<TableEntity>(
            filter, limit, cancellationToken: cancellationToken).AsPages(after, limit))
        {
            // The store answers empty pages where it looked long and found little.
            if (page.Values.Count == 0 && page.ContinuationToken is not null)
                continue;
            return new(
                [.. page.Values.Select(NotificationDeadLetter.Read).OfType<NotificationDeadLetter>()],
                PageToken.Encode(ListName, page.ContinuationToken));
        }

        return new([], null);
    }

    /// <summary>The endpoints that have dead letters, whether they are set or not: one request for each, and one more.</summary>
    internal async Task<IReadOnlyList<string>> EndpointsAsync(CancellationToken cancellationToken)
    {
        var (endpoints, last) = (new List<string>(), OutboxKeys.FirstDead);
        while (await NextAsync(last, cancellationToken) is { } next)
        {
            endpoints.Add(next[OutboxKeys.FirstDead.Length..]);
            last = next;
        }

        return endpoints;
    }

    /// <summary>All dead letters of an endpoint, or the one of a message.</summary>
    internal async IAsyncEnumerable<NotificationDeadLetter> FindAsync(
        string endpoint,
        string? subject,
        long? sequence,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {OutboxKeys.Dead(endpoint)}");
        if (subject is not null && sequence is { } number)
            filter += TableClient.CreateQueryFilter($" and RowKey eq {OutboxKeys.Of(subject, number)}");
        await foreach (var row in tables.Outbox.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            if (NotificationDeadLetter.Read(row) is { } letter)
                yield return letter;
    }

    /// <summary>Makes a dead letter; the same one again is the same.</summary>
    internal async Task PutAsync(
        string endpoint, OutboxMessage message, int tries, string? cause, CancellationToken cancellationToken)
    {
        var letter = new NotificationDeadLetter(
            endpoint, message.Subject, message.Sequence, message.Type, message.At, clock.GetUtcNow(), tries, cause ?? "unknown");
        await tables.Outbox.UpsertEntityAsync(letter.Write(), TableUpdateMode.Replace, cancellationToken);
        metrics.DeadLettered();
        logger.DeadLettered(message.Type, message.Id, message.Subject, endpoint, letter.Cause);
    }

    /// <summary>It was taken after all.</summary>
    internal Task RemoveAsync(string endpoint, string subject, long sequence, CancellationToken cancellationToken)
        => tables.Outbox.DeleteEntityAsync(
            OutboxKeys.Dead(endpoint), OutboxKeys.Of(subject, sequence), ETag.All, cancellationToken);

    /// <summary>The partition of the next endpoint, by a single row of it.</summary>
    private async Task<string?> NextAsync(string partition, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey gt {partition} and PartitionKey lt {OutboxKeys.AfterDead}");
        await foreach (var row in tables.Outbox.QueryAsync<TableEntity>(filter, 1, ["PartitionKey", "RowKey"], cancellationToken))
            return row.PartitionKey;
        return null;
    }
}

/// <summary>One page of notifications nobody took.</summary>
/// <param name="Data">The letters.</param>
/// <param name="Next">Where the next page begins; null on the last.</param>
public sealed record NotificationDeadLetterPage(IReadOnlyList<NotificationDeadLetter> Data, string? Next);

/// <summary>A notification that an endpoint did not take in time.</summary>
/// <param name="Endpoint">The endpoint's name.</param>
/// <param name="Subject">What it is about: a journey or a transaction.</param>
/// <param name="Sequence">Its place among the subject's notifications.</param>
/// <param name="Type">What happened.</param>
/// <param name="At">When that was (UTC).</param>
/// <param name="DeadSince">When it was given up (UTC).</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="Cause">What the last try ended with, such as <c>status_500</c>.</param>
public sealed record NotificationDeadLetter(
    string Endpoint, string Subject, long Sequence, string Type, DateTimeOffset At, DateTimeOffset DeadSince, int Tries, string Cause)
{
    internal TableEntity Write() => new(OutboxKeys.Dead(Endpoint), OutboxKeys.Of(Subject, Sequence))
    {
        ["Endpoint"] = Endpoint,
        ["Subject"] = Subject,
        ["Sequence"] = Sequence,
        ["Type"] = Type,
        ["At"] = At,
        ["DeadSince"] = DeadSince,
        ["Tries"] = (long)Tries,
        ["Cause"] = Cause,
    };

    internal static NotificationDeadLetter? Read(TableEntity row)
        => row.Text("Endpoint") is { } endpoint && row.Text("Subject") is { } subject && row.Number("Sequence") is { } sequence
            ? new(
                endpoint, subject, sequence, row.Text("Type") ?? "", row.Time("At") ?? DateTimeOffset.UnixEpoch,
                row.Time("DeadSince") ?? DateTimeOffset.UnixEpoch, (int)(row.Number("Tries") ?? 0), row.Text("Cause") ?? "unknown")
            : null;
}
