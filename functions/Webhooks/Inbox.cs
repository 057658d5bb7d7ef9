using System.Diagnostics;
using System.Net;
using Azure;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// Brings events of OMS to the journeys that wait for them, whenever they start to wait (docs/decisions/0002-store-first-inbox.md). Events
/// and listeners of a resource share a partition. The receiver writes the event, then reads the listeners; a journey writes its listener,
/// then reads the events. Whichever comes last sees the other, so no event is lost; one may arrive twice, which journeys ignore.
/// </summary>
public sealed class Inbox(AppTables tables, TimeProvider clock, ILogger<Inbox> logger)
{
    /// <summary>A journey that starts to listen is told the newest this many: more would only bloat its history.</summary>
    private const int MaxHandedOut = 50;

    private readonly Listeners _listeners = new(tables, clock);

    /// <summary>
    /// From now on the journey gets every event about the resource. Answers the events that came before, oldest first, those that others
    /// got included. Call it from an activity, after the resource exists; it may be repeated and then answers at least the same.
    /// </summary>
    /// <param name="resourceId">
    /// Cash-in, transaction or customer id; the one events are filed under (<see cref="Signal.ResourceId"/>).
    /// </param>
    public async Task<IReadOnlyList<Signal>> ListenAsync(string resourceId, string instanceId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(resourceId);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        AppTelemetry.TagJourney(instanceId);
        // With the span of the journey's activity, so that the webhooks it hears of can point to it.
        await _listeners.AddAsync(resourceId, new(instanceId, Activity.Current?.Id), cancellationToken);
        var events = await EventsAsync(resourceId, cancellationToken);
        InboxEvent[] handedOut =
        [
            .. events.Where(found => found.State != InboxState.Noted)
                .OrderByDescending(found => found.ReceivedAt).Take(MaxHandedOut).Reverse(),
        ];
        // Marked although the journey may still fail before it remembers: repeated, this call answers them again whatever their state.
        foreach (var waiting in handedOut.Where(found => found.State is InboxState.Waiting or InboxState.Dead))
            await MarkAsync(waiting with { ETag = ETag.All }, InboxState.Delivered, cancellationToken);
        return [.. handedOut.Select(found => found.Signal)];
    }

    /// <summary>
    /// Ends what <see cref="ListenAsync"/> began, at the end of a journey; may be repeated. Money that settles between the journey's last
    /// look and this call is not lost: <see cref="InboxSweep"/> keeps what no journey booked as unclaimed.
    /// </summary>
    public async Task StopListeningAsync(string instanceId, IReadOnlyCollection<string> resourceIds, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentNullException.ThrowIfNull(resourceIds);
        foreach (var resourceId in resourceIds)
            await RemoveListenerAsync(resourceId, instanceId, cancellationToken);
    }

    /// <summary>The journeys that listen to a resource now.</summary>
    public async Task<IReadOnlyList<string>> ListListenersAsync(string resourceId, CancellationToken cancellationToken)
        => [.. (await _listeners.FindAsync(resourceId, cancellationToken)).Select(listener => listener.InstanceId)];

    /// <summary>Stores an event before anything else is done with it; <see langword="false"/> when it was stored before.</summary>
    internal async Task<bool> StoreAsync(InboxEvent received, CancellationToken cancellationToken)
    {
        try
        {
            await tables.Inbox.AddEntityAsync(received.Write(), cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>Reads one stored event.</summary>
    internal async Task<InboxEvent?> FindAsync(string resourceId, string deliveryId, CancellationToken cancellationToken)
    {
        var row = await tables.Inbox.GetEntityIfExistsAsync<TableEntity>(
            TableKey.Of(resourceId), InboxEvent.RowPrefix + TableKey.Of(deliveryId), cancellationToken: cancellationToken);
        return row.HasValue ? InboxEvent.Read(row.Value!) : null;
    }

    /// <summary>
    /// Raises a stored event at every journey that listens to its resource, then marks it. Answers how many got it; with none it stays as
    /// it is.
    /// </summary>
    internal async Task<int> DeliverAsync(InboxEvent stored, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var reached = 0;
        foreach (var listener in await ListenersAsync(stored.Signal.ResourceId, cancellationToken))
        {
            AppTelemetry.TagJourney(listener.InstanceId);
            using var activity = AppTelemetry.ContinueIn(listener.Trace, "webhook.deliver");
            if (await RaiseAsync(stored.Signal, listener.InstanceId, client, cancellationToken))
                reached++;
        }

        if (reached > 0)
            await MarkAsync(stored with { ETag = ETag.All }, InboxState.Delivered, cancellationToken);
        return reached;
    }

    /// <summary>Changes the state of a stored event; <see langword="false"/> when its row changed or went meanwhile.</summary>
    internal async Task<bool> MarkAsync(InboxEvent stored, InboxState state, CancellationToken cancellationToken)
        => await MergeAsync(stored, new() { ["State"] = state.ToString() }, cancellationToken);

    /// <summary>Notes that the ledger knows what the event settles.</summary>
    internal async Task MarkSettledAsync(InboxEvent stored, CancellationToken cancellationToken)
        => await MergeAsync(stored with { ETag = ETag.All }, new() { ["Settles"] = false }, cancellationToken);

    internal Task<IReadOnlyList<Listener>> ListenersAsync(string resourceId, CancellationToken cancellationToken)
        => _listeners.FindAsync(resourceId, cancellationToken);

    internal Task RemoveListenerAsync(string resourceId, string instanceId, CancellationToken cancellationToken)
        => _listeners.RemoveAsync(resourceId, instanceId, cancellationToken);

    /// <summary>False when the journey is over: its listener is removed, since nobody else will.</summary>
    internal async Task<bool> RaiseAsync(Signal signal, string instanceId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.RaiseEventAsync(instanceId, Signal.EventName, signal, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Some engines refuse an event for an ended instance, each with its own exception; anything else goes to the caller.
            var instance = await client.GetInstanceAsync(instanceId, cancellationToken);
            if (instance is { IsCompleted: false })
                throw;
        }

        logger.ListenerGone(instanceId, signal.ResourceId);
        await RemoveListenerAsync(signal.ResourceId, instanceId, cancellationToken);
        return false;
    }

    private async Task<List<InboxEvent>> EventsAsync(string resourceId, CancellationToken cancellationToken)
    {
        // The prefix ends in a colon, and a semicolon is the character after it.
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {TableKey.Of(resourceId)} and RowKey ge {InboxEvent.RowPrefix} and RowKey lt {"event;"}");
        var events = new List<InboxEvent>();
        await foreach (var row in tables.Inbox.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            if (ReadOrSkip(row) is { } read)
                events.Add(read);
        return events;
    }

    /// <summary>One damaged row must not keep the others from whoever comes for them.</summary>
    internal InboxEvent? ReadOrSkip(TableEntity row)
    {
        try
        {
            return InboxEvent.Read(row);
        }
        catch (FormatException e)
        {
            logger.RowDamaged(row.PartitionKey, row.RowKey, e);
            return null;
        }
    }

    private async Task<bool> MergeAsync(InboxEvent stored, Dictionary<string, object> change, CancellationToken cancellationToken)
    {
        try
        {
            var row = new TableEntity(change) { PartitionKey = stored.PartitionKey, RowKey = stored.RowKey };
            await tables.Inbox.UpdateEntityAsync(row, stored.ETag, TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.PreconditionFailed or (int)HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
