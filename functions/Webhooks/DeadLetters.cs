using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Http;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>Events nobody came for: an operator can list them and deliver them after all.</summary>
public sealed class DeadLetters(Inbox inbox, ILogger<DeadLetters> logger)
{
    /// <summary>The list that page tokens belong to.</summary>
    internal const string ListName = "dead-letters";

    /// <summary>One page, the newest first.</summary>
    /// <param name="limit">Most letters in the answer.</param>
    /// <param name="after">Where the page before ended.</param>
    public async Task<DeadLetterPage> ListAsync(int limit, string? after, CancellationToken cancellationToken)
    {
        var letters = new List<DeadLetter>();
        while (true)
        {
            var rows = await inbox.Lists.ReadDeadAsync(after, limit - letters.Count + 1, cancellationToken);
            var isLast = rows.Count <= limit - letters.Count;
            IndexRow[] wanted = [.. rows.Take(limit - letters.Count)];
            var read = await Task.WhenAll(wanted.Select(row => FindAsync(row, cancellationToken)));
            letters.AddRange(read.OfType<InboxEvent>().Select(DeadLetter.Of));
            after = wanted is [.., var last] ? last.Position : after;
            if (isLast)
                return new(letters, null);
            if (letters.Count == limit)
                return new(letters, PageToken.Encode(ListName, after));
        }
    }

    /// <summary>How many there are, counted up to a limit.</summary>
    public async Task<int> CountAsync(int most, CancellationToken cancellationToken)
        => (await inbox.Lists.ReadDeadAsync(null, most, cancellationToken)).Count;

    /// <summary>Null when the row names what is no dead letter any more, or cannot be read.</summary>
    private async Task<InboxEvent?> FindAsync(IndexRow row, CancellationToken cancellationToken)
    {
        var found = InboxLists.EventOf(row) is { } of ? await inbox.FindOrSkipAsync(of.ResourceId, of.DeliveryId, cancellationToken) : null;
        if (found is null or { State: InboxState.Dead })
            return found;
        await inbox.Lists.RemoveAsync([row], cancellationToken);
        return null;
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

    /// <summary>The stored event; null when there is none.</summary>
    internal Task<InboxEvent?> FindAsync(string resourceId, string deliveryId, CancellationToken cancellationToken)
        => inbox.FindAsync(resourceId, deliveryId, cancellationToken);

    /// <summary>
    /// Takes an event off the list of those nobody came for; false when it is none. It stays stored until it is old.
    /// </summary>
    internal async Task<bool> DismissAsync(InboxEvent stored, CancellationToken cancellationToken)
        => stored.State == InboxState.Dismissed
            || (stored.State == InboxState.Dead && await inbox.MarkAsync(stored, InboxState.Dismissed, cancellationToken));
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
