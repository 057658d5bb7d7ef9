using System.Text.RegularExpressions;

namespace OmsWorkflows.Functions.Tests.Tables;

/// <summary>
/// What a filter says of the keys, so that rows elsewhere need not be looked at one by one: a test with many rows would take minutes.
/// </summary>
internal sealed partial class KeyRange
{
    private readonly ILookup<string, (string Comparison, string Key)> _bounds;

    private KeyRange(IEnumerable<Match> bounds) => _bounds = bounds.ToLookup(
        bound => bound.Groups["column"].Value,
        bound => (bound.Groups["comparison"].Value, bound.Groups["key"].Value.Replace("''", "'", StringComparison.Ordinal)));

    /// <summary>What is asked for beside other things narrows nothing.</summary>
    public static KeyRange Of(string filter) => new(filter.Contains(" or ", StringComparison.Ordinal) ? [] : Bound().Matches(filter));

    public IEnumerable<T> RowsOf<T>(SortedDictionary<string, SortedDictionary<string, T>> table)
        => PartitionsOf(table).SelectMany(rows => rows.Where(row => Holds("RowKey", row.Key)).Select(row => row.Value));

    private IEnumerable<SortedDictionary<string, T>> PartitionsOf<T>(SortedDictionary<string, SortedDictionary<string, T>> table)
        => _bounds["PartitionKey"].Where(bound => bound.Comparison == "eq").Select(bound => bound.Key).FirstOrDefault() is { } only
            ? table.TryGetValue(only, out var rows) ? [rows] : []
            : table.Where(partition => Holds("PartitionKey", partition.Key)).Select(partition => partition.Value);

    private bool Holds(string column, string key)
        => _bounds[column].All(bound => TableFilter.Holds(bound.Comparison, string.CompareOrdinal(key, bound.Key)));

    [GeneratedRegex("(?<column>PartitionKey|RowKey) (?<comparison>eq|gt|ge|lt|le) '(?<key>(?:[^']|'')*)'")]
    private static partial Regex Bound();
}
