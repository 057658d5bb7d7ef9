using System.Net;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Actions;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Ledger;

/// <summary>
/// What was settled and to whom it was credited: one row per transaction, so that money can neither be credited twice nor get lost
/// (docs/decisions/0008-money-is-booked-once.md). Whoever writes first wins; what no journey claims stays as an unclaimed settlement.
/// </summary>
public sealed class SettlementLedger(AppTables tables, TimeProvider clock, ILogger<SettlementLedger> logger)
{
    private const int AtOnce = 16;
    private const int MostAtOnce = 1_000;
    private const string Id = "TransactionId";
    private const string DepositList = "deposits";

    private static readonly SettlementState[] States =
        [SettlementState.Unclaimed, SettlementState.Booked, SettlementState.Attached, SettlementState.Handled, SettlementState.Returned];

    private readonly TableIndex _index = new(tables);

    /// <summary>
    /// Credits a settlement to its journey. May be repeated: the second time answers <see langword="false"/> and changes nothing, which is
    /// as good as <see langword="true"/>. An unclaimed settlement becomes the journey's.
    /// </summary>
    /// <exception cref="ArgumentException">The settlement names no journey.</exception>
    /// <exception cref="SettlementConflictException">
    /// It is credited to another journey, settled by hand, or has other amounts.
    /// </exception>
    public Task<bool> BookAsync(Settlement settlement, CancellationToken cancellationToken, string? said = null)
        => BookAsync(settlement, said, isFiledByCaller: false, cancellationToken);

    /// <summary>As the other one.</summary>
    /// <param name="isFiledByCaller">
    /// Whether the caller puts the settlement on the list of those booked afterwards, along with other rows, and is repeated until it has.
    /// </param>
    internal async Task<bool> BookAsync(
        Settlement settlement, string? said, bool isFiledByCaller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settlement);
        ArgumentException.ThrowIfNullOrEmpty(settlement.InstanceId);
        var booked = new SettlementRecord(settlement, SettlementState.Booked, clock.GetUtcNow(), null, null) { Said = said };
        if (!isFiledByCaller)
            await _index.WriteAsync([.. RowsOf(settlement)], cancellationToken);
        if (await InsertAsync(booked, cancellationToken))
        {
            logger.Booked(settlement.TransactionId, settlement.Net, settlement.Asset, settlement.InstanceId);
            return true;
        }

        return await ClaimAsync(settlement, said, cancellationToken);
    }

    /// <summary>Writes down a settlement that no journey claims; <see langword="false"/> when it is in the ledger already.</summary>
    public async Task<bool> KeepUnclaimedAsync(
        Settlement settlement, UnclaimedReason reason, CancellationToken cancellationToken, string? said = null)
    {
        ArgumentNullException.ThrowIfNull(settlement);
        var unclaimed = new SettlementRecord(
            settlement with { InstanceId = null }, SettlementState.Unclaimed, clock.GetUtcNow(), reason, null);
        await FileAsync(unclaimed, cancellationToken);
        if (!await InsertAsync(unclaimed with { Said = said }, cancellationToken))
        {
            if (await FindAsync(settlement.TransactionId, cancellationToken) is not { State: SettlementState.Unclaimed })
                await _index.WriteAsync([Unfiled(unclaimed)], cancellationToken);
            return false;
        }

        logger.Unclaimed(settlement.TransactionId, settlement.Net, settlement.Asset, reason);
        return true;
    }

    /// <summary>
    /// Credits a bank deposit to its customer, or answers what the ledger says of it already. One that was unclaimed becomes the
    /// customer's, with what OMS says of it now: nobody has decided on it. One that was returned stays so.
    /// </summary>
    public async Task<SettlementRecord> BookDepositAsync(Settlement deposit, CancellationToken cancellationToken, string? said = null)
    {
        ArgumentNullException.ThrowIfNull(deposit);
        var booked = new SettlementRecord(deposit, SettlementState.Booked, clock.GetUtcNow(), null, null)
        {
            Said = said,
            Announcements = 1,
        };
        return await PutDepositAsync(
            booked,
            known => known.State == SettlementState.Unclaimed
                ? known with { Settlement = deposit, State = SettlementState.Booked, Said = said ?? known.Said, Announcements = 1 }
                : null,
            cancellationToken);
    }

    /// <summary>
    /// Writes down a bank deposit for a person to look at; one that is unclaimed already follows what OMS says of it now.
    /// </summary>
    internal async Task KeepDepositAsync(
        Settlement deposit, UnclaimedReason reason, CancellationToken cancellationToken, string? said = null)
    {
        if (await KeepUnclaimedAsync(deposit, reason, cancellationToken, said))
            return;
        await PutDepositAsync(
            new(deposit, SettlementState.Unclaimed, clock.GetUtcNow(), reason, null) { Said = said },
            known => known.State == SettlementState.Unclaimed && known.Settlement != deposit
                ? known with { Settlement = deposit, Reason = reason, Said = said ?? known.Said }
                : null,
            cancellationToken);
    }

    /// <summary>
    /// Notes that a bank deposit was taken back, or never became tokens: whatever the ledger said of it, nothing is credited any more.
    /// </summary>
    public async Task<SettlementRecord> ReturnDepositAsync(
        Settlement deposit, string? code, CancellationToken cancellationToken, string? said = null)
    {
        ArgumentNullException.ThrowIfNull(deposit);
        var now = clock.GetUtcNow();
        var returned = new SettlementRecord(deposit, SettlementState.Returned, now, null, null)
        {
            Said = said,
            ReturnedAt = now,
            ReturnCode = code,
            Announcements = 1,
        };
        return await PutDepositAsync(
            returned,
            known => known.State == SettlementState.Returned
                ? null
                : known with
                {
                    State = SettlementState.Returned,
                    ReturnedAt = now,
                    ReturnCode = code,
                    Said = said ?? known.Said,
                    Announcements = known.Announcements + 1,
                },
            cancellationToken);
    }

    /// <summary>Notes which state of a deposit was announced; a state that came in between is left to be announced.</summary>
    internal async Task NoteAnnouncedAsync(SettlementRecord record, CancellationToken cancellationToken)
    {
        while (await ReadAsync(record.Settlement.TransactionId, cancellationToken) is { } row)
        {
            var known = SettlementRow.Read(row);
            if (known.State != record.State || known.Announced == record.State)
                return;
            if (await ReplaceAsync(known with { Announced = record.State }, row, cancellationToken))
                return;
        }
    }

    /// <summary>One page of bank deposits, the newest first, those returned and unclaimed included.</summary>
    /// <param name="customerId">Only this customer's; all customers' when null.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <returns>The deposits, and where the page ends if there are more.</returns>
    public Task<(IReadOnlyList<SettlementRecord> Page, string? Next)> ListDepositsAsync(
        string? customerId, int limit, string? after, CancellationToken cancellationToken)
        => PageAsync(customerId is null ? DepositList : DepositsOf(customerId), limit, after, cancellationToken);

    /// <summary>Reads one settlement; null when it was never settled or never noticed.</summary>
    public async Task<SettlementRecord?> FindAsync(string transactionId, CancellationToken cancellationToken)
        => await ReadAsync(transactionId, cancellationToken) is { } row ? SettlementRow.Read(row) : null;

    /// <summary>One page of the settlements in a state, the newest first.</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <returns>The settlements, and where the page ends if there are more.</returns>
    public Task<(IReadOnlyList<SettlementRecord> Page, string? Next)> ListAsync(
        SettlementState state, int limit, string? after, CancellationToken cancellationToken)
        => PageAsync(ListOf(state), limit, after, cancellationToken);

    private async Task<(IReadOnlyList<SettlementRecord> Page, string? Next)> PageAsync(
        string list, int limit, string? after, CancellationToken cancellationToken)
    {
        var page = new List<SettlementRecord>();
        string? last = null;
        var rows = _index.MergeAsync([list], new(After: after), limit + 1, cancellationToken);
        await foreach (var handful in rows.Chunk(AtOnce).WithCancellation(cancellationToken))
        {
            var records = await Task.WhenAll(handful.Select(row => RecordAsync(row, cancellationToken)));
            foreach (var (row, record) in handful.Zip(records))
            {
                if (record is null)
                    continue;
                if (page.Count == limit)
                    return (page, last);
                page.Add(record);
                last = row.Position;
            }
        }

        return (page, null);
    }

    /// <summary>All settlements in a state, the newest first.</summary>
    public async IAsyncEnumerable<SettlementRecord> ListAsync(
        SettlementState state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var (page, next) = await ListAsync(state, AtOnce, after, cancellationToken);
            foreach (var record in page)
                yield return record;
            after = next;
        }
        while (after is not null);
    }

    /// <summary>How many settlements a state has, counted up to a limit.</summary>
    public async Task<int> CountAsync(SettlementState state, int most, CancellationToken cancellationToken)
        => (await _index.ReadAsync(ListOf(state), IndexSpan.Whole, most, cancellationToken)).Count;

    /// <summary>
    /// The ids of the transactions that OMS completed in a span of time, both ends included, the newest first, as far as the ledger's lists
    /// name them; with the time.
    /// </summary>
    internal async IAsyncEnumerable<(string TransactionId, DateTimeOffset SettledAt)> ListIdsAsync(
        DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = _index.MergeAsync([.. States.Select(ListOf)], new(from, to), MostAtOnce, cancellationToken);
        await foreach (var row in rows)
            if (row.Text(Id) is { } id)
                yield return (id, IndexPosition.NewestTimeOf(row.Position));
    }

    /// <summary>The rows of the index that a booked settlement stands in.</summary>
    internal static IEnumerable<IndexChange> RowsOf(Settlement settlement)
        => Filed(new(settlement, SettlementState.Booked, default, null, null));

    /// <summary>Puts a settlement that is in the ledger on the list of its state, if it is not there.</summary>
    internal Task FileAsync(SettlementRecord record, CancellationToken cancellationToken)
        => _index.WriteAsync([.. Filed(record)], cancellationToken);

    /// <summary>Credits an unclaimed settlement to a journey, by decision of an operator.</summary>
    /// <returns>What stands in the ledger now; null when there is no such settlement.</returns>
    /// <exception cref="SettlementConflictException">It is not unclaimed.</exception>
    public Task<SettlementRecord?> AttachAsync(
        string transactionId, string instanceId, DecidedBy decided, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return DecideAsync(transactionId, SettlementState.Attached, instanceId, decided, cancellationToken);
    }

    /// <summary>
    /// Notes that an operator settled an unclaimed settlement outside this app. As <see cref="AttachAsync"/> otherwise.
    /// </summary>
    /// <exception cref="SettlementConflictException">It is not unclaimed.</exception>
    public Task<SettlementRecord?> MarkHandledAsync(string transactionId, DecidedBy decided, CancellationToken cancellationToken)
        => DecideAsync(transactionId, SettlementState.Handled, null, decided, cancellationToken);

    /// <summary>Takes back what operators decided: the settlement is unclaimed again.</summary>
    /// <exception cref="SettlementConflictException">Its journey booked it, or it is unclaimed.</exception>
    public Task<SettlementRecord?> UndoAsync(string transactionId, DecidedBy decided, CancellationToken cancellationToken)
        => DecideAsync(transactionId, SettlementState.Unclaimed, null, decided, cancellationToken);

    /// <param name="wanted">What is written when the ledger does not know the deposit.</param>
    /// <param name="change">What becomes of what it knows; null when that stays.</param>
    private async Task<SettlementRecord> PutDepositAsync(
        SettlementRecord wanted, Func<SettlementRecord, SettlementRecord?> change, CancellationToken cancellationToken)
    {
        var id = wanted.Settlement.TransactionId;
        await FileAsync(wanted, cancellationToken);
        while (true)
        {
            if (await InsertAsync(wanted, cancellationToken))
            {
                logger.DepositPut(id, wanted.Settlement.Net, wanted.Settlement.Asset, wanted.State);
                return wanted;
            }

            var row = await ReadAsync(id, cancellationToken)
                ?? throw new InvalidOperationException($"Settlement {id} was removed from the ledger.");
            var known = SettlementRow.Read(row);
            if (change(known) is not { } changed)
                return known;
            await FileAsync(changed, cancellationToken);
            if (!await ReplaceAsync(changed, row, cancellationToken))
                continue;

            // Whoever read the list meanwhile may have taken away what did not fit yet.
            await FileAsync(changed, cancellationToken);
            logger.DepositChanged(id, changed.Settlement.Net, changed.Settlement.Asset, known.State, changed.State);
            return changed;
        }
    }

    private async Task<bool> InsertAsync(SettlementRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await tables.Settlements.AddEntityAsync(SettlementRow.Write(record), cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    private async Task<bool> ClaimAsync(Settlement settlement, string? said, CancellationToken cancellationToken)
    {
        while (true)
        {
            var row = await ReadAsync(settlement.TransactionId, cancellationToken)
                ?? throw new InvalidOperationException($"Settlement {settlement.TransactionId} was removed from the ledger.");
            var existing = SettlementRow.Read(row);
            var sameMoney = existing.Settlement.Net == settlement.Net && existing.Settlement.Asset == settlement.Asset;
            var mine = existing.Settlement.InstanceId == settlement.InstanceId
                && existing.State is (SettlementState.Booked or SettlementState.Attached);
            if (sameMoney && mine)
                return false;
            if (!sameMoney || existing.State != SettlementState.Unclaimed)
            {
                var owner = existing.Settlement.InstanceId ?? "no journey";
                logger.BookingRefused(settlement.TransactionId, settlement.InstanceId!, existing.State, owner);
                throw new SettlementConflictException(existing);
            }

            var claimed = existing with { Settlement = settlement, State = SettlementState.Booked, Said = said ?? existing.Said };
            if (!await ReplaceAsync(claimed, row, cancellationToken))
                continue;
            await _index.WriteAsync([.. Filed(claimed), Unfiled(existing)], cancellationToken);
            logger.Booked(settlement.TransactionId, settlement.Net, settlement.Asset, settlement.InstanceId!);
            return true;
        }
    }

    private async Task<SettlementRecord?> DecideAsync(
        string transactionId, SettlementState state, string? instanceId, DecidedBy decided, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decided);
        while (true)
        {
            var row = await ReadAsync(transactionId, cancellationToken);
            if (row is null)
                return null;
            var existing = SettlementRow.Read(row);
            if (existing.State == state && existing.Settlement.InstanceId == instanceId && existing.Reference == decided.Reference)
                return existing;
            if (!MayBecome(existing.State, state))
                throw new SettlementConflictException(existing);
            var next = existing with
            {
                Settlement = existing.Settlement with { InstanceId = instanceId },
                State = state,
                Reference = decided.Reference,
                Decided = decided,
            };
            await FileAsync(next, cancellationToken);
            if (!await ReplaceAsync(next, row, cancellationToken))
                continue;
            await _index.WriteAsync([Unfiled(existing)], cancellationToken);
            logger.Decided(decided.By, transactionId, state, instanceId ?? "no journey", decided.Reference);
            return next;
        }
    }

    /// <summary>Operators decide on what nobody claims, and take back what operators decided; never what a journey booked.</summary>
    private static bool MayBecome(SettlementState now, SettlementState next) => next == SettlementState.Unclaimed
        ? now is SettlementState.Attached or SettlementState.Handled
        : now == SettlementState.Unclaimed;

    private async Task<TableEntity?> ReadAsync(string transactionId, CancellationToken cancellationToken)
    {
        var found = await tables.Settlements.GetEntityIfExistsAsync<TableEntity>(
            TableKey.Of(transactionId), SettlementRow.RowKey, cancellationToken: cancellationToken);
        return found.HasValue ? found.Value : null;
    }

    /// <summary>False when somebody else wrote in between.</summary>
    private async Task<bool> ReplaceAsync(SettlementRecord record, TableEntity seen, CancellationToken cancellationToken)
    {
        try
        {
            await tables.Settlements.UpdateEntityAsync(
                SettlementRow.Write(record).Over(seen), seen.ETag, TableUpdateMode.Replace, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }

    private static string ListOf(SettlementState state) => $"settled:{state}";

    /// <summary>A bank deposit stands in them whatever its state.</summary>
    private static string DepositsOf(string customerId) => $"deposits-of:{TableKey.Of(customerId)}";

    private static IEnumerable<string> ListsOf(SettlementRecord record)
    {
        yield return ListOf(record.State);
        if (record.Settlement.Kind != SettlementKind.BankDeposit)
            yield break;
        yield return DepositList;
        if (record.Settlement.CustomerId is { Length: > 0 } customerId)
            yield return DepositsOf(customerId);
    }

    /// <summary>The list of its state; and its journey is found by the transaction and by the cash-in.</summary>
    private static IEnumerable<IndexChange> Filed(SettlementRecord record)
    {
        var settlement = record.Settlement;
        foreach (var list in ListsOf(record))
            yield return IndexChange.Put(list, PositionOf(record), (Id, settlement.TransactionId));
        if (settlement.InstanceId is { } instanceId)
            foreach (var found in FoundLists.Rows(instanceId, settlement.SettledAt, [settlement.TransactionId, settlement.CashInId]))
                yield return found;
    }

    private static IndexChange Unfiled(SettlementRecord record) => IndexChange.Remove(ListOf(record.State), PositionOf(record));

    private static string PositionOf(SettlementRecord record)
        => IndexPosition.NewestFirst(record.Settlement.SettledAt, record.Settlement.TransactionId);

    /// <summary>Null when the row names nothing, or what is in another state by now; then it is taken away.</summary>
    private async Task<SettlementRecord?> RecordAsync(IndexRow row, CancellationToken cancellationToken)
    {
        var found = row.Text(Id) is { } id ? await ReadAsync(id, cancellationToken) : null;
        if (found is null)
            return null;
        if (ReadOrSkip(found) is not { } record)
            return null;
        if (PositionOf(record) == row.Position && ListsOf(record).Contains(row.List))
            return record;
        if (record.State != SettlementState.Unknown)
            await _index.WriteAsync([IndexChange.Remove(row.List, row.Position)], cancellationToken);
        return null;
    }

    private SettlementRecord? ReadOrSkip(TableEntity row)
    {
        try
        {
            return SettlementRow.Read(row);
        }
        catch (FormatException e)
        {
            logger.RowDamaged(row.PartitionKey, e);
            return null;
        }
    }
}
