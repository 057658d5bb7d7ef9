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
public sealed class Inbox(AppTables tables, TimeProvider clock, ILogger<Inbox> logger, IDepositEvents? deposits = null)
{
    /// <summary>A journey that starts to listen is told the newest this many: more would only bloat its history.</summary>
    private const int MaxHandedOut = 50;

    /// <summary>Rows beside the events of a customer that name its journeys; the first part of their keys.</summary>
    internal const string JourneysOfCustomer = "journey";

    private readonly Listeners _listeners = new(tables, clock);

    /// <summary>The lists that the events stand in.</summary>
    internal InboxLists Lists { get; } = new(tables);

    /// <summary>
    /// From now on the journey gets every event about the resource. Answers the events that came before, oldest first, those that others
    /// got included. Call it from an activity, after the resource exists; it may be repeated and then answers at least the same.
    /// </summary>
    /// <param name="resourceId">
    /// Cash-in, transaction or customer id; the one events are filed under (<see cref="Signal.ResourceId"/>).
    /// </param>
    public Task<IReadOnlyList<Signal>> ListenAsync(string resourceId, string instanceId, CancellationToken cancellationToken)
        => ListenAsync(resourceId, instanceId, null, cancellationToken);

    /// <summary>As the other one, and writes a row of an index of the resource at the same time.</summary>
    internal async Task<IReadOnlyList<Signal>> ListenAsync(
        string resourceId, string instanceId, IndexChange? beside, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(resourceId);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        AppTelemetry.TagJourney(instanceId);
        // With the span of the journey's activity, so that the webhooks it hears of can point to it.
        var row = beside is null ? null : new TableIndex(tables.Inbox, TableKey.Of(resourceId)).ToAction(beside);
        await _listeners.AddAsync(resourceId, new(instanceId, Activity.Current?.Id), row, cancellationToken);
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
    /// Ends what <see cref="ListenAsync(string, string, CancellationToken)"/> began, at the end of a journey; may be repeated. Money that
    /// settles between the journey's last look and this call is not lost: <see cref="InboxSweep"/> keeps what no journey booked as
    /// unclaimed.
    /// </summary>
    public async Task StopListeningAsync(string instanceId, IReadOnlyCollection<string> resourceIds, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentNullException.ThrowIfNull(resourceIds);
        foreach (var resourceId in resourceIds)
        {
            await RemoveListenerAsync(resourceId, instanceId, cancellationToken);

            // A delivery that saw the listener was stored before this read, and its journey may not have booked what it tells.
            foreach (var told in await EventsAsync(resourceId, cancellationToken))
                if (told.Settles)
                    await Lists.WaitAsync(told, cancellationToken);
        }
    }

    /// <summary>The journeys that listen to a resource now.</summary>
    public async Task<IReadOnlyList<string>> ListListenersAsync(string resourceId, CancellationToken cancellationToken)
        => [.. (await _listeners.FindAsync(resourceId, cancellationToken)).Select(listener => listener.InstanceId)];

    /// <summary>Stores an event before anything else is done with it; <see langword="false"/> when it was stored before.</summary>
    internal Task<bool> StoreAsync(InboxEvent received, CancellationToken cancellationToken)
        => tables.Inbox.TryAddAsync(received.Write(), cancellationToken);

    /// <summary>
    /// Stores an event, tells the journeys that listen, and lists it for the sweep if there are none; <see langword="false"/> when it was
    /// stored before. What fails is thrown, and a repetition goes on from there.
    /// </summary>
    internal async Task<bool> TakeAsync(InboxEvent received, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (received.State == InboxState.Waiting && received.MadeBy is { } maker
            && await TryStoreAsHeardAsync(received, maker, cancellationToken))
        {
            await TellAsync(received with { State = InboxState.Delivered }, maker, client, cancellationToken);
            return true;
        }

        // Whoever waits, or what made it, lists the resource: somebody has to.
        if (received is { MadeBy: null, State: not InboxState.Waiting } or { IsDeposit: true })
            await Lists.KeepAsync(received.Signal.ResourceId, received.ReceivedAt, cancellationToken);

        // Only of one that was stored for the journey it names does the row say so.
        received = received with { MadeBy = null };
        if (await StoreAsync(received, cancellationToken))
        {
            if (received.State == InboxState.Waiting)
                await DeliverOrWaitAsync(received, client, cancellationToken);
            return true;
        }

        // Stored, but maybe not delivered: the attempt before may have broken off in between.
        var stored = await FindAsync(received.Signal.ResourceId, received.Signal.DeliveryId, cancellationToken);
        if (stored is { State: InboxState.Waiting })
            await DeliverOrWaitAsync(stored, client, cancellationToken);
        else if (stored is { State: InboxState.Delivered, MadeBy: { } heardBy })
            await TellAsync(stored, heardBy, client, cancellationToken);
        return false;
    }

    /// <summary>
    /// Stores an event in one request on condition that the journey it names is the one that listens; false when it does not, or the event
    /// was stored before. That journey has listed, or will list, the resource.
    /// </summary>
    private async Task<bool> TryStoreAsHeardAsync(InboxEvent received, string maker, CancellationToken cancellationToken)
    {
        var stored = received with { State = InboxState.Delivered };
        var only = new TableEntity(stored.PartitionKey, Listeners.OnlyKey(maker));
        try
        {
            await tables.Inbox.SubmitTransactionAsync(
                [
                    new(TableTransactionActionType.Add, stored.Write()),
                    new(TableTransactionActionType.UpdateMerge, only, ETag.All),
                ],
                cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.NotFound or (int)HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <summary>Raises an event at the journey that it was stored for. One that broke down gets nothing: then the event waits.</summary>
    private async Task TellAsync(InboxEvent stored, string instanceId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        AppTelemetry.TagJourney(instanceId);
        using var activity = AppTelemetry.ContinueIn(await TraceAsync(stored, instanceId, cancellationToken), "webhook.deliver");
        try
        {
            if (await TryRaiseAsync(stored.Signal, instanceId, client, cancellationToken) != Raised.NoLongerThere)
                return;
        }
        catch
        {
            await LeaveWaitingAsync();
            throw;
        }

        await LeaveWaitingAsync();

        async Task LeaveWaitingAsync()
        {
            await Lists.WaitAsync(stored, cancellationToken);
            await MarkAsync(stored with { ETag = ETag.All }, InboxState.Waiting, cancellationToken);
        }
    }

    /// <summary>The journey's trace; read only where somebody records this one.</summary>
    private async Task<string?> TraceAsync(InboxEvent stored, string instanceId, CancellationToken cancellationToken)
        => Activity.Current is { Recorded: true }
            ? (await ListenersAsync(stored.Signal.ResourceId, cancellationToken))
                .FirstOrDefault(each => each.InstanceId == instanceId)?.Trace
            : null;

    private async Task DeliverOrWaitAsync(InboxEvent stored, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            if (await HandAsync(stored, client, cancellationToken) is (0, false))
                await Lists.WaitAsync(stored, cancellationToken);
        }
        catch
        {
            await Lists.WaitAsync(stored, cancellationToken);
            throw;
        }
    }

    /// <summary>Reads one stored event.</summary>
    internal async Task<InboxEvent?> FindAsync(string resourceId, string deliveryId, CancellationToken cancellationToken)
    {
        var row = await tables.Inbox.GetEntityIfExistsAsync<TableEntity>(
            TableKey.Of(resourceId), InboxEvent.RowPrefix + TableKey.Of(deliveryId), cancellationToken: cancellationToken);
        return row.HasValue ? InboxEvent.Read(row.Value!) : null;
    }

    /// <summary>As <see cref="FindAsync"/>, for those who read many; null for one that cannot be read, which is logged.</summary>
    internal async Task<InboxEvent?> FindOrSkipAsync(string resourceId, string deliveryId, CancellationToken cancellationToken)
    {
        var row = await tables.Inbox.GetEntityIfExistsAsync<TableEntity>(
            TableKey.Of(resourceId), InboxEvent.RowPrefix + TableKey.Of(deliveryId), cancellationToken: cancellationToken);
        return row.HasValue ? ReadOrSkip(row.Value!) : null;
    }

    /// <summary>
    /// Raises a stored event at every journey that listens to its resource, or has a deposit looked at, then marks it. Answers how many got
    /// it; with none it stays as it is, unless it concerned a journey that came to its end.
    /// </summary>
    internal async Task<int> DeliverAsync(InboxEvent stored, DurableTaskClient client, CancellationToken cancellationToken)
        => (await HandAsync(stored, client, cancellationToken)).Reached;

    /// <summary>
    /// As <see cref="DeliverAsync"/>; answers too whether a journey that listened is over, so that the event concerns nobody.
    /// </summary>
    internal async Task<(int Reached, bool IsOver)> HandAsync(
        InboxEvent stored, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (reached, isOver) = (0, false);
        if (stored.IsDeposit && deposits is not null)
        {
            await deposits.TakeAsync(stored.Signal, client, cancellationToken);
            reached++;
        }

        foreach (var listener in await ListenersAsync(stored.Signal.ResourceId, cancellationToken))
        {
            AppTelemetry.TagJourney(listener.InstanceId);
            using var activity = AppTelemetry.ContinueIn(listener.Trace, "webhook.deliver");
            var raised = await TryRaiseAsync(stored.Signal, listener.InstanceId, client, cancellationToken);
            reached += raised == Raised.Yes ? 1 : 0;
            isOver |= raised == Raised.IsOver;
        }

        if (reached > 0 || isOver)
            await MarkAsync(stored with { ETag = ETag.All }, InboxState.Delivered, cancellationToken);
        return (reached, isOver);
    }

    /// <summary>Changes the state of a stored event; <see langword="false"/> when its row changed or went meanwhile.</summary>
    internal async Task<bool> MarkAsync(InboxEvent stored, InboxState state, CancellationToken cancellationToken)
    {
        var isMarked = await MergeAsync(stored, new() { ["State"] = state.ToString() }, cancellationToken);
        if (isMarked && stored.State == InboxState.Dead)
            await Lists.ExhumeAsync(stored, cancellationToken);
        return isMarked;
    }

    /// <summary>Notes that the ledger knows what the event settles.</summary>
    internal async Task MarkSettledAsync(InboxEvent stored, CancellationToken cancellationToken)
        => await MergeAsync(stored with { ETag = ETag.All }, new() { ["Settles"] = false }, cancellationToken);

    internal Task<IReadOnlyList<Listener>> ListenersAsync(string resourceId, CancellationToken cancellationToken)
        => _listeners.FindAsync(resourceId, cancellationToken);

    internal Task RemoveListenerAsync(string resourceId, string instanceId, CancellationToken cancellationToken)
        => _listeners.RemoveAsync(resourceId, instanceId, cancellationToken);

    /// <summary>Whether the journey got it.</summary>
    internal async Task<bool> RaiseAsync(Signal signal, string instanceId, DurableTaskClient client, CancellationToken cancellationToken)
        => await TryRaiseAsync(signal, instanceId, client, cancellationToken) == Raised.Yes;

    /// <summary>
    /// Raises a signal. The listener of a journey that came to its end stays: what is still told of its resource is known to concern
    /// nobody. That of one that is gone, or was broken off, is removed, since nobody else will.
    /// </summary>
    private async Task<Raised> TryRaiseAsync(
        Signal signal, string instanceId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            await client.RaiseEventAsync(instanceId, Signal.EventName, signal, cancellationToken);
            return Raised.Yes;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Some engines refuse an event for an ended instance, each with its own exception; anything else goes to the caller.
            var instance = await client.GetInstanceAsync(instanceId, cancellationToken);
            if (instance is { IsCompleted: false })
                throw;
            logger.ListenerGone(instanceId, signal.ResourceId);
            if (instance is { RuntimeStatus: OrchestrationRuntimeStatus.Completed })
                return Raised.IsOver;
        }

        await RemoveListenerAsync(signal.ResourceId, instanceId, cancellationToken);
        return Raised.NoLongerThere;
    }

    private async Task<List<InboxEvent>> EventsAsync(string resourceId, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {TableKey.Of(resourceId)} and RowKey ge {InboxEvent.RowPrefix} and RowKey lt {InboxEvent.RowsEnd}");
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

/// <summary>What became of a signal to a journey.</summary>
internal enum Raised
{
    /// <summary>The journey got it.</summary>
    Yes = 0,

    /// <summary>The journey came to its end before.</summary>
    IsOver,

    /// <summary>There is no such journey, or it was broken off.</summary>
    NoLongerThere,
}
