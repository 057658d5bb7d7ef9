using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// The lists that stored events stand in: of those somebody has to go after, the oldest first; of dead letters, the newest first; and of
/// the resources that have rows at all, so that what is old is found without looking through the others
/// (docs/decisions/0015-reads-that-do-not-scan.md).
/// </summary>
internal sealed class InboxLists(AppTables tables)
{
    private const string Waiting = "waiting";
    private const string Dead = "dead";
    private const string Kept = "kept";
    private const string Resource = "ResourceId";
    private const string Delivery = "DeliveryId";

    private readonly TableIndex _index = new(tables);

    /// <summary>Somebody has to go after the event.</summary>
    public Task WaitAsync(InboxEvent stored, CancellationToken cancellationToken)
        => ChangeAsync(
            [Put(Waiting, WaitingPosition(stored), stored), KeptSince(stored.Signal.ResourceId, stored.ReceivedAt)], cancellationToken);

    /// <summary>The event is about to become a dead letter.</summary>
    public Task BuryAsync(InboxEvent stored, CancellationToken cancellationToken)
        => _index.WriteAsync([Put(Dead, DeadPosition(stored), stored)], cancellationToken);

    /// <summary>The resource has events or listeners that are to be removed one day.</summary>
    public Task KeepAsync(string resourceId, DateTimeOffset since, CancellationToken cancellationToken)
        => ChangeAsync([KeptSince(resourceId, since)], cancellationToken);

    /// <summary>Nothing of the resource is kept: no row that was written at one of these times says so any more.</summary>
    public Task ForgetAsync(string resourceId, IEnumerable<DateTimeOffset> times, CancellationToken cancellationToken)
        => ChangeAsync(
            [.. times.Select(time => IndexChange.Remove(Kept, IndexPosition.OldestFirst(time, resourceId)))], cancellationToken);

    /// <summary>The row that says so, for whoever writes other rows at the same time.</summary>
    public static IndexChange KeptSince(string resourceId, DateTimeOffset since)
        => IndexChange.Put(Kept, IndexPosition.OldestFirst(since, resourceId), (Resource, resourceId));

    /// <summary>Makes changes together.</summary>
    public Task ChangeAsync(IReadOnlyList<IndexChange> changes, CancellationToken cancellationToken)
        => _index.WriteAsync(changes, cancellationToken);

    /// <summary>Takes rows away.</summary>
    public Task RemoveAsync(IEnumerable<IndexRow> rows, CancellationToken cancellationToken)
        => _index.WriteAsync([.. rows.Select(row => IndexChange.Remove(row.List, row.Position))], cancellationToken);

    /// <summary>The event is no dead letter.</summary>
    public Task ExhumeAsync(InboxEvent stored, CancellationToken cancellationToken)
        => _index.WriteAsync([IndexChange.Remove(Dead, DeadPosition(stored))], cancellationToken);

    /// <summary>Events received before a time that somebody has to go after.</summary>
    public Task<IReadOnlyList<IndexRow>> ReadWaitingAsync(
        DateTimeOffset before, string? after, int limit, CancellationToken cancellationToken)
        => _index.ReadOldestAsync(Waiting, before, after, limit, cancellationToken);

    /// <summary>Resources that have had rows since before a time.</summary>
    public Task<IReadOnlyList<IndexRow>> ReadKeptAsync(
        DateTimeOffset before, string? after, int limit, CancellationToken cancellationToken)
        => _index.ReadOldestAsync(Kept, before, after, limit, cancellationToken);

    /// <summary>Dead letters.</summary>
    public Task<IReadOnlyList<IndexRow>> ReadDeadAsync(string? after, int limit, CancellationToken cancellationToken)
        => _index.ReadAsync(Dead, new(After: after), limit, cancellationToken);

    /// <summary>The resource that a row names.</summary>
    public static string? ResourceOf(IndexRow row) => row.Text(Resource);

    /// <summary>The resource and the delivery that a row names.</summary>
    public static (string ResourceId, string DeliveryId)? EventOf(IndexRow row)
        => row.Text(Resource) is { } resourceId && row.Text(Delivery) is { } deliveryId ? (resourceId, deliveryId) : null;

    private static IndexChange Put(string list, string position, InboxEvent stored)
        => IndexChange.Put(list, position, (Resource, stored.Signal.ResourceId), (Delivery, stored.Signal.DeliveryId));

    private static string WaitingPosition(InboxEvent stored) => IndexPosition.OldestFirst(stored.ReceivedAt, IdOf(stored));

    private static string DeadPosition(InboxEvent stored) => IndexPosition.NewestFirst(stored.ReceivedAt, IdOf(stored));

    private static string IdOf(InboxEvent stored) => $"{stored.Signal.ResourceId}:{stored.Signal.DeliveryId}";
}
