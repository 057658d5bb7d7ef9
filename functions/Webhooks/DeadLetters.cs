using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Http;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>Events nobody came for: an operator can list them and deliver them after all.</summary>
public sealed class DeadLetters(AppTables tables, Inbox inbox, ILogger<DeadLetters> logger)
{
    /// <summary>The list that page tokens belong to.</summary>
    internal const string ListName = "dead-letters";

    /// <summary>One page, in no particular order.</summary>
    /// <param name="limit">Most letters in the answer.</param>
    /// <param name="after">Where the page before ended.</param>
    public async Task<DeadLetterPage> ListAsync(int limit, string? after, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"RowKey ge {"event:"} and RowKey lt {"event;"} and State eq {nameof(InboxState.Dead)}");
        var pages = tables.Inbox.QueryAsync<TableEntity>(
            filter, limit, cancellationToken: cancellationToken).AsPages(after, limit);
        await foreach (var page in pages)
        {
            // The store answers empty pages where it looked long and found little.
            if (page.Values.Count == 0 && page.ContinuationToken is not null)
                continue;
            return new(
                [.. page.Values.Select(row => DeadLetter.Of(InboxEvent.Read(row)))], PageToken.Encode(ListName, page.ContinuationToken));
        }

        return new([], null);
    }

    /// <summary>Raises a stored event at one journey, or at all that listen to its resource now.</summary>
    /// <returns>How many journeys got it; null when there is no such event.</returns>
    public async Task<int?> RedriveAsync(
        string resourceId, string deliveryId, string? instanceId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (await inbox.FindAsync(resourceId, deliveryId, cancellationToken) is not { } stored)
            return null;
        int reached;
        if (instanceId is null)
            reached = await inbox.DeliverAsync(stored, client, cancellationToken);
        else
        {
            reached = await inbox.RaiseAsync(stored.Signal, instanceId, client, cancellationToken) ? 1 : 0;
            if (reached > 0)
                await inbox.MarkAsync(stored with { ETag = Azure.ETag.All }, InboxState.Delivered, cancellationToken);
        }

        logger.Redriven(deliveryId, resourceId, reached);
        return reached;
    }
}

/// <summary>One page of dead letters.</summary>
/// <param name="Data">The letters.</param>
/// <param name="Next">Where the next page begins; null on the last.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetter> Data, string? Next);

/// <summary>An event nobody came for.</summary>
/// <param name="ResourceId">What it is about.</param>
/// <param name="DeliveryId">OMS's id of the delivery.</param>
/// <param name="Name">Its name as OMS sent it.</param>
/// <param name="Event">What it means.</param>
/// <param name="Status">Status of the resource then.</param>
/// <param name="CashInId">The cash-in, if it names one.</param>
/// <param name="TransactionId">The transaction, if it names one.</param>
/// <param name="CustomerId">The customer, if it names one.</param>
/// <param name="ReceivedAt">When it came in.</param>
public sealed record DeadLetter(
    string ResourceId,
    string DeliveryId,
    string Name,
    SignalEvent Event,
    string? Status,
    string? CashInId,
    string? TransactionId,
    string? CustomerId,
    DateTimeOffset ReceivedAt)
{
    internal static DeadLetter Of(InboxEvent stored) => new(
        stored.Signal.ResourceId, stored.Signal.DeliveryId, stored.Name, stored.Signal.Event, stored.Signal.Status, stored.Signal.CashInId,
        stored.Signal.TransactionId, stored.Signal.CustomerId, stored.ReceivedAt);
}
