using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// The lists that stored events stand in: of those somebody has to go after, the oldest first, and of dead letters, the newest first
/// (docs/decisions/0015-reads-that-do-not-scan.md).
/// </summary>
internal sealed class InboxLists(AppTables tables)
{
    private const string Waiting = "waiting";
    private const string Dead = "dead";
    private const string Resource = "ResourceId";
    private const string Delivery = "DeliveryId";

    private readonly TableIndex _index = new(tables);

    /// <summary>Somebody has to go after the event.</summary>
    public Task WaitAsync(InboxEvent stored, CancellationToken cancellationToken)
        => _index.WriteAsync([Put(Waiting, WaitingPosition(stored), stored)], cancellationToken);

    /// <summary>The event is about to become a dead letter.</summary>
    public Task BuryAsync(InboxEvent stored, CancellationToken cancellationToken)
        => _index.WriteAsync([Put(Dead, DeadPosition(stored), stored)], cancellationToken);

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

    /// <summary>Dead letters.</summary>
    public Task<IReadOnlyList<IndexRow>> ReadDeadAsync(string? after, int limit, CancellationToken cancellationToken)
        => _index.ReadAsync(Dead, new(After: after), limit, cancellationToken);

    /// <summary>The resource and the delivery that a row names.</summary>
    public static (string ResourceId, string DeliveryId)? EventOf(IndexRow row)
        => row.Text(Resource) is { } resourceId && row.Text(Delivery) is { } deliveryId ? (resourceId, deliveryId) : null;

    private static IndexChange Put(string list, string position, InboxEvent stored)
        => IndexChange.Put(list, position, (Resource, stored.Signal.ResourceId), (Delivery, stored.Signal.DeliveryId));

    private static string WaitingPosition(InboxEvent stored) => IndexPosition.OldestFirst(stored.ReceivedAt, IdOf(stored));

    private static string DeadPosition(InboxEvent stored) => IndexPosition.NewestFirst(stored.ReceivedAt, IdOf(stored));

    private static string IdOf(InboxEvent stored) => $"{stored.Signal.ResourceId}:{stored.Signal.DeliveryId}";
}
