using System.Net;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Ledger;

/// <summary>
/// What was settled and to whom it was credited: one row per transaction, so that money can neither be credited twice nor get lost
/// (docs/decisions/0008-money-is-booked-once.md). Whoever writes first wins; what no journey claims stays as an unclaimed settlement.
/// </summary>
public sealed class SettlementLedger(AppTables tables, TimeProvider clock, ILogger<SettlementLedger> logger)
{
    /// <summary>
    /// Credits a settlement to its journey. May be repeated: the second time answers <see langword="false"/> and changes nothing, which is
    /// as good as <see langword="true"/>. An unclaimed settlement becomes the journey's.
    /// </summary>
    /// <exception cref="ArgumentException">The settlement names no journey.</exception>
    /// <exception cref="SettlementConflictException">
    /// It is credited to another journey, settled by hand, or has other amounts.
    /// </exception>
    public async Task<bool> BookAsync(Settlement settlement, CancellationToken cancellationToken, string? said = null)
    {
        ArgumentNullException.ThrowIfNull(settlement);
        ArgumentException.ThrowIfNullOrEmpty(settlement.InstanceId);
        var booked = new SettlementRecord(settlement, SettlementState.Booked, clock.GetUtcNow(), null, null) { Said = said };
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
        if (!await InsertAsync(unclaimed with { Said = said }, cancellationToken))
            return false;
        logger.Unclaimed(settlement.TransactionId, settlement.Net, settlement.Asset, reason);
        return true;
    }

    /// <summary>Reads one settlement; null when it was never settled or never noticed.</summary>
    public async Task<SettlementRecord?> FindAsync(string transactionId, CancellationToken cancellationToken)
        => await ReadAsync(transactionId, cancellationToken) is { } row ? SettlementRow.Read(row) : null;

    /// <summary>All settlements in a state.</summary>
    public IAsyncEnumerable<SettlementRecord> ListAsync(SettlementState state, CancellationToken cancellationToken)
        => QueryAsync(TableClient.CreateQueryFilter($"State eq {state.ToString()}"), cancellationToken);

    /// <summary>The settlements of a cash-in at OMS; hardly ever more than one.</summary>
    public IAsyncEnumerable<SettlementRecord> ListOfCashInAsync(string cashInId, CancellationToken cancellationToken)
        => QueryAsync(TableClient.CreateQueryFilter($"CashInId eq {cashInId}"), cancellationToken);

    /// <summary>All settlements that OMS completed in a span of time, both ends included.</summary>
    /// <param name="from">Start of the span.</param>
    /// <param name="to">End of the span.</param>
    /// <param name="damaged">Told of each row that cannot be read; the others are answered all the same.</param>
    public IAsyncEnumerable<SettlementRecord> ListAsync(
        DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken, Action<string>? damaged = null)
        => QueryAsync(TableClient.CreateQueryFilter($"SettledAt ge {from} and SettledAt le {to}"), cancellationToken, damaged);

    /// <summary>Credits an unclaimed settlement to a journey, by decision of an operator.</summary>
    /// <param name="reference">The operator's reference of the decision, such as a ticket number.</param>
    /// <returns>What stands in the ledger now; null when there is no such settlement.</returns>
    /// <exception cref="SettlementConflictException">It is not unclaimed.</exception>
    public Task<SettlementRecord?> AttachAsync(
        string transactionId, string instanceId, string reference, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return DecideAsync(transactionId, SettlementState.Attached, instanceId, reference, cancellationToken);
    }

    /// <summary>
    /// Notes that an operator settled an unclaimed settlement outside this app. As <see cref="AttachAsync"/> otherwise.
    /// </summary>
    /// <exception cref="SettlementConflictException">It is not unclaimed.</exception>
    public Task<SettlementRecord?> MarkHandledAsync(string transactionId, string reference, CancellationToken cancellationToken)
        => DecideAsync(transactionId, SettlementState.Handled, null, reference, cancellationToken);

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
                logger.BookingRefused(settlement.TransactionId, settlement.InstanceId!, existing.State, existing.Settlement.InstanceId);
                throw new SettlementConflictException(existing);
            }

            var claimed = existing with { Settlement = settlement, State = SettlementState.Booked, Said = said ?? existing.Said };
            if (!await ReplaceAsync(claimed, row, cancellationToken))
                continue;
            logger.Booked(settlement.TransactionId, settlement.Net, settlement.Asset, settlement.InstanceId!);
            return true;
        }
    }

    private async Task<SettlementRecord?> DecideAsync(
        string transactionId, SettlementState state, string? instanceId, string reference, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        while (true)
        {
            var row = await ReadAsync(transactionId, cancellationToken);
            if (row is null)
                return null;
            var existing = SettlementRow.Read(row);
            if (existing.State == state && existing.Settlement.InstanceId == instanceId && existing.Reference == reference)
                return existing;
            if (existing.State != SettlementState.Unclaimed)
                throw new SettlementConflictException(existing);
            var decided = existing with
            {
                Settlement = existing.Settlement with { InstanceId = instanceId },
                State = state,
                Reference = reference,
            };
            if (!await ReplaceAsync(decided, row, cancellationToken))
                continue;
            logger.Decided(transactionId, state, reference);
            return decided;
        }
    }

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

    private async IAsyncEnumerable<SettlementRecord> QueryAsync(
        string filter, [EnumeratorCancellation] CancellationToken cancellationToken, Action<string>? damaged = null)
    {
        await foreach (var row in tables.Settlements.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
            if (ReadOrSkip(row, damaged) is { } record)
                yield return record;
    }

    private SettlementRecord? ReadOrSkip(TableEntity row, Action<string>? damaged)
    {
        try
        {
            return SettlementRow.Read(row);
        }
        catch (FormatException e)
        {
            logger.RowDamaged(row.PartitionKey, e);
            damaged?.Invoke(row.PartitionKey);
            return null;
        }
    }
}
