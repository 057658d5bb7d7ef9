using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;

namespace OmsWorkflows.Storage;

/// <summary>
/// Lists in one partition of a table, each row of which names a row elsewhere. It is written before the row it names, so it may name what
/// is not there, or no longer as the list says: whoever reads it looks at the row itself, passes over what does not fit, and takes it away
/// (docs/decisions/0015-reads-that-do-not-scan.md).
/// </summary>
internal sealed class TableIndex(TableClient table, string partition)
{
    /// <summary>As many as a store takes at a time.</summary>
    private const int MostAtOnce = 100;

    /// <summary>The index of the whole app.</summary>
    public TableIndex(AppTables tables)
        : this(tables.Index, "index")
    {
    }

    /// <summary>Makes changes: up to a hundred are one request, made together or not at all. May be repeated.</summary>
    public async Task WriteAsync(IReadOnlyList<IndexChange> changes, CancellationToken cancellationToken)
    {
        foreach (var chunk in changes.DistinctBy(change => (change.List, change.Position)).Chunk(MostAtOnce))
        {
            if (chunk is [var single])
                await MakeAsync(single, cancellationToken);
            else if (!await TryMakeAsync(chunk, cancellationToken))
                foreach (var change in chunk)
                    await MakeAsync(change, cancellationToken);
        }
    }

    /// <summary>The change as part of a transaction over the partition.</summary>
    public TableTransactionAction ToAction(IndexChange change) => change.Columns is null
        ? new(TableTransactionActionType.Delete, Row(change), ETag.All)
        : new(TableTransactionActionType.UpsertReplace, Row(change));

    /// <summary>Whether a list has a row at a position.</summary>
    public async Task<bool> ContainsAsync(string list, string position, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(
            partition, $"{list}:{position}", ["RowKey"], cancellationToken);
        return found.HasValue;
    }

    /// <summary>Reads on in one list, at most so many rows.</summary>
    public async Task<IReadOnlyList<IndexRow>> ReadAsync(string list, IndexSpan span, int limit, CancellationToken cancellationToken)
    {
        // A colon ends the list's name, and a semicolon is the character after it.
        var first = span.To is { } to ? $"{list}:{IndexPosition.Inverted(to)}" : $"{list}:";
        var last = span.From is { } from ? $"{list}:{IndexPosition.Inverted(from)};" : $"{list};";
        if (span.After is { } after && string.CompareOrdinal($"{list}:{after}", first) > 0)
            first = $"{list}:{after}";
        return await QueryAsync(list, first, last, limit, cancellationToken);
    }

    /// <summary>Reads a list that begins with the oldest, up to a time, at most so many rows.</summary>
    public Task<IReadOnlyList<IndexRow>> ReadOldestAsync(
        string list, DateTimeOffset before, string? after, int limit, CancellationToken cancellationToken)
        => QueryAsync(
            list,
            $"{list}:{after}",
            $"{list}:{IndexPosition.OldestFirst(before, "0")[..^1]}",
            limit,
            cancellationToken);

    /// <summary>Several lists as one, the newest first. What stands in two of them at the same position comes twice.</summary>
    /// <param name="lists">The lists; their positions have the same form.</param>
    /// <param name="span">The part of them.</param>
    /// <param name="chunk">How many rows of each are read at a time.</param>
    public async IAsyncEnumerable<IndexRow> MergeAsync(
        IReadOnlyList<string> lists, IndexSpan span, int chunk, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = lists.Select(list => ReadAllAsync(list, span, chunk, cancellationToken).GetAsyncEnumerator(cancellationToken)).ToList();
        try
        {
            var next = new PriorityQueue<IAsyncEnumerator<IndexRow>, string>(StringComparer.Ordinal);
            foreach (var part in parts)
                if (await part.MoveNextAsync())
                    next.Enqueue(part, part.Current.Position);
            while (next.TryDequeue(out var part, out _))
            {
                yield return part.Current;
                if (await part.MoveNextAsync())
                    next.Enqueue(part, part.Current.Position);
            }
        }
        finally
        {
            foreach (var part in parts)
                await part.DisposeAsync();
        }
    }

    /// <summary>Reads on, page after page, until one is not full; the next is read when the one before has been dealt with.</summary>
    /// <param name="size">How many rows a full page has.</param>
    /// <param name="read">Reads the page after a position; the first after none.</param>
    public static async IAsyncEnumerable<IReadOnlyList<IndexRow>> PagesAsync(int size, Func<string?, Task<IReadOnlyList<IndexRow>>> read)
    {
        IReadOnlyList<IndexRow> page = [];
        do
        {
            page = await read(page is [.., var last] ? last.Position : null);
            yield return page;
        }
        while (page.Count == size);
    }

    private async IAsyncEnumerable<IndexRow> ReadAllAsync(
        string list, IndexSpan span, int chunk, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(
            chunk, after => ReadAsync(list, span with { After = after ?? span.After }, chunk, cancellationToken)))
            foreach (var row in page)
                yield return row;
    }

    private async Task<IReadOnlyList<IndexRow>> QueryAsync(
        string list, string first, string last, int limit, CancellationToken cancellationToken)
    {
        var rows = new List<IndexRow>();
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {first} and RowKey lt {last}");

        // The store may answer a page that is short, or empty, where more follows.
        var most = Math.Min(limit, 1_000);
        await foreach (var page in table.QueryAsync<TableEntity>(filter, most, cancellationToken: cancellationToken).AsPages(null, most))
        {
            rows.AddRange(page.Values.Select(row => new IndexRow(list, row.RowKey[(list.Length + 1)..], row)));
            if (rows.Count >= limit)
                break;
        }

        return rows.Count > limit ? rows[..limit] : rows;
    }

    private async Task<bool> TryMakeAsync(IndexChange[] changes, CancellationToken cancellationToken)
    {
        try
        {
            await table.SubmitTransactionAsync(changes.Select(ToAction), cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotFound)
        {
            // One of those to be taken away is gone: what is left is made one by one.
            return false;
        }
    }

    private async Task MakeAsync(IndexChange change, CancellationToken cancellationToken)
    {
        var row = Row(change);
        if (change.Columns is null)
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        else
            await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    private TableEntity Row(IndexChange change)
    {
        var row = new TableEntity(partition, $"{change.List}:{change.Position}");
        foreach (var (column, value) in change.Columns ?? new Dictionary<string, object?>())
            row.Put(column, value);
        return row;
    }
}

/// <summary>A row of the index.</summary>
/// <param name="List">The list it stands in.</param>
/// <param name="Position">Where.</param>
/// <param name="Row">What it says.</param>
internal sealed record IndexRow(string List, string Position, TableEntity Row)
{
    /// <summary>What the row names.</summary>
    public string? Text(string column) => Row.Text(column);
}

/// <summary>What journeys are found by: one list for each id, named by its hash.</summary>
internal static class FoundLists
{
    private const int HashLength = 32;
    private const string Id = "InstanceId";

    /// <summary>
    /// The list of an id. Not the id itself: a caller's id of a person is nobody else's to read, and a deposit code is written with blanks
    /// or without.
    /// </summary>
    public static string Of(string value)
    {
        var text = string.Concat(value.Where(character => !char.IsWhiteSpace(character)));
        return $"found:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength]}";
    }

    /// <summary>The lists of ids, and those there were, as one text.</summary>
    public static string? Join(IEnumerable<string> values, string? there = null)
    {
        var lists = string.Join(' ', Split(there).Union(values.Select(Of)));
        return lists.Length == 0 ? null : lists;
    }

    /// <summary>The lists of a text.</summary>
    public static IEnumerable<string> Split(string? lists) => lists?.Split(' ') ?? [];

    /// <summary>A journey's rows in some lists.</summary>
    public static IEnumerable<IndexChange> RowsIn(IEnumerable<string> lists, string instanceId, DateTimeOffset time)
        => lists.Select(list => IndexChange.Put(list, IndexPosition.NewestFirst(time, instanceId), (Id, instanceId)));

    /// <summary>The rows by which a journey is found; what is null or blank finds nothing.</summary>
    public static IEnumerable<IndexChange> Rows(string instanceId, DateTimeOffset time, IEnumerable<string?> values)
        => RowsIn(values.Where(value => !string.IsNullOrWhiteSpace(value)).Select(value => Of(value!)).Distinct(), instanceId, time);
}
