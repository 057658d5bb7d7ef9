using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Journeys;

/// <summary>
/// The lists that journeys stand in: of their kind; of those that are open, or ended in a phase; of those still to be started; of their
/// customer; and of what they are found by (docs/decisions/0015-reads-that-do-not-scan.md).
/// </summary>
public sealed class JourneyIndex
{
    private const string Pending = "pending";
    private const string Id = "InstanceId";
    private const string Kind = "Kind";
    private const string Customer = "CustomerId";
    private const string FoundBy = "FoundBy";

    private readonly AppTables _tables;
    private readonly TableIndex _index;

    internal JourneyIndex(AppTables tables) => (_tables, _index) = (tables, new TableIndex(tables));

    /// <summary>Where an intake stands in every list.</summary>
    internal static string PositionOf(Intake intake) => IndexPosition.NewestFirst(intake.ReceivedAt, intake.InstanceId);

    internal static string All(string kind) => $"all:{kind}";

    internal static string Open(string kind) => $"open:{kind}";

    internal static string Ended(string kind, JourneyPhase phase) => $"ended:{kind}:{phase}";

    /// <summary>Writes the rows of an intake that is about to be stored, in one request, or two if its customer is known.</summary>
    internal async Task AddAsync(Intake intake, CancellationToken cancellationToken)
    {
        await _index.WriteAsync(FirstRows(intake), cancellationToken);
        if (intake.CustomerId is { } customerId)
            await Of(customerId).WriteAsync([RowOfCustomer(intake.InstanceId, intake.ReceivedAt)], cancellationToken);
    }

    /// <summary>Takes back what <see cref="AddAsync"/> wrote.</summary>
    internal Task TakeBackAsync(Intake intake, CancellationToken cancellationToken)
        => TakeBackAsync(FirstRows(intake), PositionOf(intake), intake.CustomerId, cancellationToken);

    /// <summary>Takes back what was written before an intake that never came.</summary>
    internal Task TakeBackAsync(IndexRow pending, CancellationToken cancellationToken)
    {
        var (id, kind) = (InstanceOf(pending) ?? "", pending.Text(Kind) ?? "");
        var receivedAt = IndexPosition.TimeOf(pending.Position);
        var position = IndexPosition.NewestFirst(receivedAt, id);
        List<IndexChange> rows =
        [
            IndexChange.Remove(Pending, pending.Position),
            IndexChange.Remove(All(kind), position),
            IndexChange.Remove(Open(kind), position),
        ];
        rows.AddRange(FoundLists.Split(pending.Text(FoundBy)).Select(list => IndexChange.Remove(list, position)));
        return TakeBackAsync(rows, position, pending.Text(Customer), cancellationToken);
    }

    /// <summary>The row of a journey in its customer's partition of the inbox.</summary>
    internal static IndexChange RowOfCustomer(string instanceId, DateTimeOffset receivedAt)
        => IndexChange.Put(Inbox.JourneysOfCustomer, IndexPosition.NewestFirst(receivedAt, instanceId), (Id, instanceId));

    /// <summary>The journey is to be started.</summary>
    internal Task PendAsync(Intake intake, CancellationToken cancellationToken)
        => _index.WriteAsync([PendingRow(intake, null)], cancellationToken);

    /// <summary>Whether the journey is still to be started.</summary>
    internal async Task<bool> IsPendingAsync(Intake intake, CancellationToken cancellationToken)
        => await _index.ContainsAsync(Pending, PendingPosition(intake), cancellationToken);

    /// <summary>The journey was started: nobody has to go after it.</summary>
    internal Task StartedAsync(Intake intake, CancellationToken cancellationToken)
        => _index.WriteAsync([IndexChange.Remove(Pending, PendingPosition(intake))], cancellationToken);

    /// <summary>From now on the journey is found by these ids.</summary>
    /// <param name="more">What else changes in the index at the same time.</param>
    internal Task FindByAsync(
        string instanceId,
        DateTimeOffset receivedAt,
        IEnumerable<string?> values,
        CancellationToken cancellationToken,
        params IEnumerable<IndexChange> more)
        => _index.WriteAsync([.. FoundLists.Rows(instanceId, receivedAt, values), .. more], cancellationToken);

    /// <summary>The journey has ended: it leaves the open ones.</summary>
    /// <param name="kind">Its orchestration.</param>
    /// <param name="phase">The phase it ended in.</param>
    /// <param name="values">What it is found by from now on.</param>
    /// <param name="more">What else changes in the index at the same time.</param>
    internal Task EndAsync(
        string instanceId,
        string kind,
        DateTimeOffset receivedAt,
        JourneyPhase phase,
        IEnumerable<string?> values,
        CancellationToken cancellationToken,
        params IEnumerable<IndexChange> more)
    {
        var position = IndexPosition.NewestFirst(receivedAt, instanceId);
        return _index.WriteAsync(
            [
                IndexChange.Put(Ended(kind, phase), position, (Id, instanceId)),
                IndexChange.Remove(Open(kind), position),
                .. FoundLists.Rows(instanceId, receivedAt, values),
                .. more,
            ],
            cancellationToken);
    }

    /// <summary>Journeys of some kinds that were asked for before a time, the newest first.</summary>
    internal IAsyncEnumerable<IndexRow> ReceivedBeforeAsync(
        IEnumerable<string> kinds, DateTimeOffset before, int chunk, CancellationToken cancellationToken)
        => _index.MergeAsync([.. kinds.Select(All)], new IndexSpan(To: before), chunk, cancellationToken);

    /// <summary>Takes away a row that names nothing.</summary>
    internal Task RemoveAsync(IndexRow row, CancellationToken cancellationToken)
        => _index.WriteAsync([IndexChange.Remove(row.List, row.Position)], cancellationToken);

    /// <summary>The journey is removed: it leaves every list, as far as its status says in which it stands.</summary>
    /// <param name="intake">What it began with.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="knownAs">The caller's own ids of the person, as far as they are known.</param>
    internal async Task RemoveAsync(
        Intake intake, JourneyStatus status, IReadOnlyCollection<string> knownAs, CancellationToken cancellationToken)
    {
        var position = PositionOf(intake);
        string?[] values =
            [status.CashInId, status.TransactionId, status.Wallet?.Id, status.Deposit?.Code, status.Payout?.TransactionId, .. knownAs];
        IEnumerable<IndexChange> rows =
        [
            IndexChange.Remove(All(intake.Orchestration), position),
            IndexChange.Remove(Open(intake.Orchestration), position),
            IndexChange.Remove(Ended(intake.Orchestration, status.Phase), position),
            .. FoundLists.RowsIn(FoundLists.Split(intake.FoundBy), intake.InstanceId, intake.ReceivedAt),
            .. FoundLists.Rows(intake.InstanceId, intake.ReceivedAt, values),
            .. FoundLists.Rows(intake.InstanceId, status.Settlement?.SettledAt ?? intake.ReceivedAt, values),
        ];
        // Whatever became of the journey: what the inbox keeps of its resources is to be removed too.
        string?[] resources = [status.CashInId, status.Payout?.TransactionId, intake.CustomerId];
        await _index.WriteAsync(
            [.. resources.OfType<string>().Select(id => InboxLists.KeptSince(id, intake.ReceivedAt))], cancellationToken);
        await TakeBackAsync(rows, position, intake.CustomerId, cancellationToken);
    }

    /// <summary>Journeys that were to be started before a time and were not, as far as anybody knows; the oldest first.</summary>
    internal async Task<IReadOnlyList<IndexRow>> ReadPendingAsync(
        DateTimeOffset before, string? after, int limit, CancellationToken cancellationToken)
        => await _index.ReadOldestAsync(Pending, before, after, limit, cancellationToken);

    /// <summary>The keys of the intakes of all that are still to be started.</summary>
    internal async Task<HashSet<string>> ReadPendingAsync(CancellationToken cancellationToken)
    {
        var pending = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var page in TableIndex.PagesAsync(
            1_000, after => ReadPendingAsync(DateTimeOffset.MaxValue, after, 1_000, cancellationToken)))
            pending.UnionWith(page.Select(InstanceOf).OfType<string>().Select(TableKey.Of));
        return pending;
    }

    /// <summary>Journeys that are found by an id, the newest first.</summary>
    internal async Task<IReadOnlyList<string>> FindAsync(string value, int limit, CancellationToken cancellationToken)
        => InstancesOf(await _index.ReadAsync(FoundLists.Of(value), IndexSpan.Whole, limit, cancellationToken));

    /// <summary>Journeys of a customer, the newest first.</summary>
    internal IAsyncEnumerable<IndexRow> OfCustomerAsync(
        string customerId, IndexSpan span, int chunk, CancellationToken cancellationToken)
        => Of(customerId).MergeAsync([Inbox.JourneysOfCustomer], span, chunk, cancellationToken);

    /// <summary>Several lists as one, the newest first.</summary>
    internal IAsyncEnumerable<IndexRow> MergeAsync(
        IReadOnlyList<string> lists, IndexSpan span, int chunk, CancellationToken cancellationToken)
        => _index.MergeAsync(lists, span, chunk, cancellationToken);

    /// <summary>The journey a row names.</summary>
    internal static string? InstanceOf(IndexRow row) => row.Text(Id);

    private static IReadOnlyList<string> InstancesOf(IEnumerable<IndexRow> rows) => [.. rows.Select(InstanceOf).OfType<string>()];

    private async Task TakeBackAsync(
        IEnumerable<IndexChange> rows, string position, string? customerId, CancellationToken cancellationToken)
    {
        await _index.WriteAsync([.. rows.Select(row => IndexChange.Remove(row.List, row.Position))], cancellationToken);
        if (customerId is not null)
            await Of(customerId).WriteAsync([IndexChange.Remove(Inbox.JourneysOfCustomer, position)], cancellationToken);
    }

    private static List<IndexChange> FirstRows(Intake intake)
    {
        var position = PositionOf(intake);
        List<IndexChange> rows =
        [
            IndexChange.Put(All(intake.Orchestration), position, (Id, intake.InstanceId)),
            IndexChange.Put(Open(intake.Orchestration), position, (Id, intake.InstanceId)),
            .. FoundLists.RowsIn(FoundLists.Split(intake.FoundBy), intake.InstanceId, intake.ReceivedAt),
        ];
        if (intake.State == IntakeState.Accepted)
            rows.Add(PendingRow(intake, intake.FoundBy));
        return rows;
    }

    private static IndexChange PendingRow(Intake intake, string? foundBy) => IndexChange.Put(
        Pending,
        PendingPosition(intake),
        (Id, intake.InstanceId),
        (Kind, intake.Orchestration),
        (Customer, intake.CustomerId),
        (FoundBy, foundBy));

    private static string PendingPosition(Intake intake) => IndexPosition.OldestFirst(intake.ReceivedAt, intake.InstanceId);

    private TableIndex Of(string customerId) => new(_tables.Inbox, TableKey.Of(customerId));
}
