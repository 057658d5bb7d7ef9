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
    private readonly SettlementTable _table = new(tables);

    /// <summary>Where settlements are found by state, by time and by customer.</summary>
    public SettlementLists Lists { get; } = new(tables, logger);

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
            await Lists.FileAsync(booked, cancellationToken);
        if (await _table.TryAddAsync(booked, cancellationToken))
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
        await Lists.FileAsync(unclaimed, cancellationToken);
        if (!await _table.TryAddAsync(unclaimed with { Said = said }, cancellationToken))
        {
            if (await FindAsync(settlement.TransactionId, cancellationToken) is not { State: SettlementState.Unclaimed })
                await Lists.UnfileAsync(unclaimed, cancellationToken);
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
                    // What nobody had decided on follows what OMS says of it now.
                    Settlement = known.State == SettlementState.Unclaimed ? deposit : known.Settlement,
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
        while (await _table.ReadAsync(record.Settlement.TransactionId, cancellationToken) is { } row)
        {
            var known = SettlementRow.Read(row);
            if (known.State != record.State || known.Announced == record.State)
                return;
            if (await _table.TryReplaceAsync(known with { Announced = record.State }, row, cancellationToken))
                return;
        }
    }

    /// <summary>Reads one settlement; null when it was never settled or never noticed.</summary>
    public async Task<SettlementRecord?> FindAsync(string transactionId, CancellationToken cancellationToken)
        => await _table.ReadAsync(transactionId, cancellationToken) is { } row ? SettlementRow.Read(row) : null;

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
        await Lists.FileAsync(wanted, cancellationToken);
        while (true)
        {
            if (await _table.TryAddAsync(wanted, cancellationToken))
            {
                logger.DepositPut(id, wanted.Settlement.Net, wanted.Settlement.Asset, wanted.State);
                return wanted;
            }

            var row = await _table.ReadAsync(id, cancellationToken)
                ?? throw new InvalidOperationException($"Settlement {id} was removed from the ledger.");
            var known = SettlementRow.Read(row);
            if (change(known) is not { } changed)
                return known;
            await Lists.FileAsync(changed, cancellationToken);
            if (!await _table.TryReplaceAsync(changed, row, cancellationToken))
                continue;

            // Whoever read the list meanwhile may have taken away what did not fit yet.
            await Lists.FileAsync(changed, cancellationToken);
            logger.DepositChanged(id, changed.Settlement.Net, changed.Settlement.Asset, known.State, changed.State);
            return changed;
        }
    }

    private async Task<bool> ClaimAsync(Settlement settlement, string? said, CancellationToken cancellationToken)
    {
        while (true)
        {
            var row = await _table.ReadAsync(settlement.TransactionId, cancellationToken)
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
            if (!await _table.TryReplaceAsync(claimed, row, cancellationToken))
                continue;
            await Lists.MoveAsync(existing, claimed, cancellationToken);
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
            var row = await _table.ReadAsync(transactionId, cancellationToken);
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
            await Lists.FileAsync(next, cancellationToken);
            if (!await _table.TryReplaceAsync(next, row, cancellationToken))
                continue;
            await Lists.UnfileAsync(existing, cancellationToken);
            logger.Decided(decided.By, transactionId, state, instanceId ?? "no journey", decided.Reference);
            return next;
        }
    }

    /// <summary>Operators decide on what nobody claims, and take back what operators decided; never what a journey booked.</summary>
    private static bool MayBecome(SettlementState now, SettlementState next) => next == SettlementState.Unclaimed
        ? now is SettlementState.Attached or SettlementState.Handled
        : now == SettlementState.Unclaimed;
}
