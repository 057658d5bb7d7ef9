using System.Net;
using Azure;
using Azure.Data.Tables;
using OmsWorkflows.Outbox;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Notifications;

/// <summary>How far one endpoint is with one subject: messages are told one after the other.</summary>
/// <param name="Done">The last message that was taken, or given up as a dead letter; 0 before the first.</param>
/// <param name="Tries">How often the next one was tried.</param>
/// <param name="NextTryAt">Not to be tried before.</param>
/// <param name="HeldUntil">Until when somebody is at it; a crash frees it then.</param>
internal sealed record Line(string Endpoint, string Subject, long Done, int Tries, DateTimeOffset? NextTryAt, DateTimeOffset? HeldUntil)
{
    /// <summary>Version of the stored row; none while there is no row.</summary>
    public ETag ETag { get; init; }
}

/// <summary>The stored lines. Of two who change one at the same time the second is told that it lost.</summary>
public sealed class Lines(AppTables tables)
{
    internal async Task<Line> FindAsync(string endpoint, string subject, CancellationToken cancellationToken)
    {
        var found = await tables.Outbox.GetEntityIfExistsAsync<TableEntity>(
            OutboxKeys.Subject(subject), OutboxKeys.Line(endpoint), cancellationToken: cancellationToken);
        if (!found.HasValue)
            return new(endpoint, subject, 0, 0, null, null);
        var row = found.Value!;
        return new(
            endpoint, subject, row.Number("Done") ?? 0, (int)(row.Number("Tries") ?? 0), row.Time("NextTryAt"), row.Time("HeldUntil"))
        {
            ETag = row.ETag,
        };
    }

    /// <summary>Stores a line over the version it was read in; null when somebody else was faster.</summary>
    internal async Task<Line?> SaveAsync(Line line, CancellationToken cancellationToken)
    {
        var row = new TableEntity(OutboxKeys.Subject(line.Subject), OutboxKeys.Line(line.Endpoint))
        {
            ["Done"] = line.Done,
            ["Tries"] = (long)line.Tries,
            ["NextTryAt"] = line.NextTryAt,
            ["HeldUntil"] = line.HeldUntil,
        };
        try
        {
            var answer = line.ETag == default
                ? await tables.Outbox.AddEntityAsync(row, cancellationToken)
                : await tables.Outbox.UpdateEntityAsync(row, line.ETag, TableUpdateMode.Replace, cancellationToken);
            return line with { ETag = answer.Headers.ETag ?? default };
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed
            or (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>What was not told yet, in order; one damaged row does not keep the others.</summary>
    internal async Task<IReadOnlyList<OutboxMessage>> UntoldAsync(Line line, CancellationToken cancellationToken)
    {
        var (partition, last) = (OutboxKeys.Subject(line.Subject), OutboxKeys.Message(line.Done));
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey gt {last} and RowKey lt {OutboxKeys.AfterMessages}");
        var messages = new List<OutboxMessage>();
        await foreach (var row in tables.Outbox.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            if (OutboxMessage.Read(row) is { } message)
                messages.Add(message);
        return messages;
    }

    /// <summary>One message; null when it is not kept any more.</summary>
    internal async Task<OutboxMessage?> FindMessageAsync(string subject, long sequence, CancellationToken cancellationToken)
    {
        var found = await tables.Outbox.GetEntityIfExistsAsync<TableEntity>(
            OutboxKeys.Subject(subject), OutboxKeys.Message(sequence), cancellationToken: cancellationToken);
        return found.HasValue ? OutboxMessage.Read(found.Value!) : null;
    }
}
