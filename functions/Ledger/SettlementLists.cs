using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Ledger;

/// <summary>
/// The lists of the index that settlements stand in: by state, bank deposits also by customer, the newest first
/// (docs/decisions/0015-reads-that-do-not-scan.md). A list may name what is elsewhere by now; whoever reads it takes that away.
/// </summary>
public sealed class SettlementLists
{
    private const int AtOnce = 16;
    private const int MostAtOnce = 1_000;
    private const string Id = "TransactionId";
    private const string DepositList = "deposits";

    private static readonly SettlementState[] States =
        [SettlementState.Unclaimed, SettlementState.Booked, SettlementState.Attached, SettlementState.Handled, SettlementState.Returned];

    private readonly SettlementTable _table;
    private readonly TableIndex _index;
    private readonly ILogger<SettlementLedger> _logger;

    internal SettlementLists(AppTables tables, ILogger<SettlementLedger> logger)
        => (_table, _index, _logger) = (new(tables), new(tables), logger);

    /// <summary>One page of the settlements in a state, the newest first.</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <returns>The settlements, and where the page ends if there are more.</returns>
    public Task<(IReadOnlyList<SettlementRecord> Page, string? Next)> ListAsync(
        SettlementState state, int limit, string? after, CancellationToken cancellationToken)
        => PageAsync(ListOf(state), limit, after, cancellationToken);

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

    /// <summary>One page of bank deposits, the newest first, those returned and unclaimed included.</summary>
    /// <param name="customerId">Only this customer's; all customers' when null.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <returns>The deposits, and where the page ends if there are more.</returns>
    public Task<(IReadOnlyList<SettlementRecord> Page, string? Next)> ListDepositsAsync(
        string? customerId, int limit, string? after, CancellationToken cancellationToken)
        => PageAsync(customerId is null ? DepositList : DepositsOf(customerId), limit, after, cancellationToken);

    /// <summary>The rows of the index that a booked settlement stands in.</summary>
    internal static IEnumerable<IndexChange> RowsOf(Settlement settlement)
        => Filed(new(settlement, SettlementState.Booked, default, null, null));

    /// <summary>Puts a settlement that is in the ledger on the list of its state, if it is not there.</summary>
    internal Task FileAsync(SettlementRecord record, CancellationToken cancellationToken)
        => _index.WriteAsync([.. Filed(record)], cancellationToken);

    /// <summary>Takes a settlement off the list of a state it is no longer in.</summary>
    internal Task UnfileAsync(SettlementRecord record, CancellationToken cancellationToken)
        => _index.WriteAsync([Unfiled(record)], cancellationToken);

    /// <summary>Puts a settlement on the list of its new state and takes it off the one before.</summary>
    internal Task MoveAsync(SettlementRecord from, SettlementRecord to, CancellationToken cancellationToken)
        => _index.WriteAsync([.. Filed(to), Unfiled(from)], cancellationToken);

    private async Task<(IReadOnlyList<SettlementRecord> Page, string? Next)> PageAsync(
        string list, int limit, string? after, CancellationToken cancellationToken)
    {
        var page = new List<SettlementRecord>();
        string? last = null;
        var rows = _index.MergeAsync([list], new(After: after), limit + 1, cancellationToken);
        await foreach (var handful in rows.Chunk(limit < 2 * AtOnce ? limit + 1 : AtOnce).WithCancellation(cancellationToken))
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
        var found = row.Text(Id) is { } id ? await _table.ReadAsync(id, cancellationToken) : null;
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
            _logger.RowDamaged(row.PartitionKey, e);
            return null;
        }
    }
}
