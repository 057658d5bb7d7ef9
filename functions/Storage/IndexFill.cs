using System.Net;
using Azure;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Storage;

/// <summary>
/// Lists in the index what was stored by a version that knew none. It goes through each table when this version has started for the first
/// time, an hour later and a day later, because the older version may run on beside it, a bounded part at a time; then never again
/// (docs/decisions/0015-reads-that-do-not-scan.md).
/// </summary>
public sealed class IndexFill(
    IEnumerable<IIndexedTable> indexed, AppTables tables, TimeProvider clock, ILogger<IndexFill> logger)
{
    /// <summary>The column that says that a row was stored by a version that listed it.</summary>
    internal const string Indexed = "Indexed";

    private const string Partition = "fill";
    private const int PageSize = 500;

    /// <summary>Rows that are looked at in one run.</summary>
    private const int MostLookedAt = 20_000;

    /// <summary>Rows that are listed in one run.</summary>
    private const int MostListed = 1_000;

    /// <summary>When the passes begin, after the first start of this version.</summary>
    private static readonly TimeSpan[] Passes = [TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromDays(1)];

    private static readonly TimeSpan Rest = TimeSpan.FromHours(1);

    private readonly IIndexedTable[] _indexed = [.. indexed];
    private DateTimeOffset _restsUntil;

    /// <summary>
    /// Goes on where the run before ended; once all passes are over it only looks whether they were begun again, each hour.
    /// </summary>
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (clock.GetUtcNow() < _restsUntil)
            return;
        var over = 0;
        foreach (var table in _indexed)
            over += await FillAsync(table, client, cancellationToken) ? 1 : 0;
        if (over == _indexed.Length)
            _restsUntil = clock.GetUtcNow() + Rest;
    }

    /// <summary>Begins again: rows were put back that no list names.</summary>
    internal static async Task StartOverAsync(AppTables tables, CancellationToken cancellationToken)
    {
        var marks = TableClient.CreateQueryFilter($"PartitionKey eq {Partition}");
        await foreach (var mark in tables.Index.QueryAsync<TableEntity>(marks, cancellationToken: cancellationToken))
            await tables.Index.DeleteEntityAsync(mark.PartitionKey, mark.RowKey, ETag.All, cancellationToken);
    }

    /// <summary>Whether the last pass over the table has ended.</summary>
    private async Task<bool> FillAsync(IIndexedTable table, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var found = await tables.Index.GetEntityIfExistsAsync<TableEntity>(Partition, table.Name, cancellationToken: cancellationToken);
        var mark = found.HasValue ? found.Value! : new TableEntity(Partition, table.Name) { ["Begun"] = now };
        var pass = (int)(mark.Number("Pass") ?? 0);
        if (pass >= Passes.Length)
            return true;
        if (now < (mark.Time("Begun") ?? now) + Passes[pass])
            return false;

        var (lookedAt, listed) = (0, 0);
        var isOver = true;
        await foreach (var page in table.ReadAsync(PageSize, mark.Text("Position"), cancellationToken))
        {
            foreach (var row in page.Values.Where(row => row.Flag(Indexed) != true))
                listed += await TryListAsync(table, row, client, cancellationToken) ? 1 : 0;
            lookedAt += page.Values.Count;
            mark.Put("Position", page.ContinuationToken);
            isOver = page.ContinuationToken is null;
            if (lookedAt >= MostLookedAt || listed >= MostListed)
                break;
        }

        if (isOver)
        {
            mark["Pass"] = (long)(pass + 1);
            mark.Put("Position", null);
        }

        if (listed > 0)
            logger.IndexFilled(table.Name, listed);
        await tables.Index.UpsertEntityAsync(mark, TableUpdateMode.Replace, cancellationToken);
        return false;
    }

    private async Task<bool> TryListAsync(
        IIndexedTable table, TableEntity row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            if (!await table.ListAsync(row, client, cancellationToken))
                return false;
            var mark = new TableEntity(row.PartitionKey, row.RowKey) { [Indexed] = true };
            await table.Table.UpdateEntityAsync(mark, ETag.All, TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            // It was removed meanwhile.
            return false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // One row that cannot be listed must not keep the others; the next pass tries it again.
            logger.RowNotIndexed(table.Name, row.PartitionKey, e);
            return false;
        }
    }
}

/// <summary>A table whose rows stand in lists of the index.</summary>
public interface IIndexedTable
{
    /// <summary>Its name in logs.</summary>
    string Name { get; }

    /// <summary>The table.</summary>
    TableClient Table { get; }

    /// <summary>Reads the rows, as far as it takes to list them.</summary>
    /// <param name="pageSize">Rows of a page.</param>
    /// <param name="position">Where the page before ended.</param>
    IAsyncEnumerable<Page<TableEntity>> ReadAsync(int pageSize, string? position, CancellationToken cancellationToken);

    /// <summary>Lists one row; may be repeated. False when it belongs into no list.</summary>
    Task<bool> ListAsync(TableEntity row, DurableTaskClient client, CancellationToken cancellationToken);
}
