using System.Text.RegularExpressions;

namespace OmsWorkflows.Functions.Tests.Tables;

/// <summary>Counts what is asked of the tables: requests, by table and kind, and rows that come back.</summary>
internal sealed partial class TableTraffic : DelegatingHandler
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _requests = new(StringComparer.Ordinal);
    private readonly List<string> _wide = [];

    public int Requests { get; private set; }

    /// <summary>Requests that were queries, one for each page.</summary>
    public int Queries { get; private set; }

    /// <summary>Rows that were answered to queries.</summary>
    public int Rows { get; private set; }

    /// <summary>
    /// Queries that are no range of keys: of rows in one partition, or of whole partitions between two. The store would look at more rows
    /// than it answers.
    /// </summary>
    public IReadOnlyList<string> Wide => _wide;

    public void Reset()
    {
        lock (_gate)
        {
            _requests.Clear();
            _wide.Clear();
            (Requests, Queries, Rows) = (0, 0, 0);
        }
    }

    /// <summary>Forgets a request that the test itself made.</summary>
    public void TakeBack(string kind)
    {
        lock (_gate)
        {
            Requests--;
            _requests[kind]--;
        }
    }

    public override string ToString() => string.Join(", ", _requests.Select(each => $"{each.Key} {each.Value}"));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var isBatch = address.AbsolutePath.EndsWith("/$batch", StringComparison.Ordinal);
        var isQuery = request.Method == HttpMethod.Get && address.AbsolutePath.EndsWith("()", StringComparison.Ordinal);
        var table = isBatch ? InBatch().Match(body).Groups["table"].Value : Table().Match(address.AbsolutePath).Groups["table"].Value;
        var kind = isBatch ? "TOGETHER" : isQuery ? "QUERY" : request.Method.Method;
        var answer = await base.SendAsync(request, cancellationToken);
        var rows = isQuery ? RowOf().Count(await answer.Content.ReadAsStringAsync(cancellationToken)) : 0;
        lock (_gate)
        {
            Requests++;
            Queries += isQuery ? 1 : 0;
            Rows += rows;
            var key = $"{table[1..]} {kind}";
            _requests[key] = _requests.GetValueOrDefault(key) + 1;
            var filter = System.Web.HttpUtility.ParseQueryString(address.Query)["$filter"] ?? "";
            if (isQuery && !Narrow().IsMatch(filter))
                _wide.Add($"{table}: {filter}");
        }

        return answer;
    }

    [GeneratedRegex(
        "^(PartitionKey eq '[^']*'( and RowKey (gt|ge|lt|le|eq) '[^']*')*|PartitionKey g[te] '[^']*' and PartitionKey l[te] '[^']*')$")]
    private static partial Regex Narrow();

    [GeneratedRegex(@"/(?<table>T\w+)\(?")]
    private static partial Regex Table();

    [GeneratedRegex(@"https?://\S+?/(?<table>T\w+)\(")]
    private static partial Regex InBatch();

    [GeneratedRegex("\"RowKey\":")]
    private static partial Regex RowOf();
}
