using System.Globalization;

namespace OmsWorkflows.Storage;

/// <summary>
/// Where a row stands in a list of the index: a time and an id, as text that sorts as the list does
/// (docs/decisions/0015-reads-that-do-not-scan.md).
/// </summary>
internal static class IndexPosition
{
    private const string Form = "D19";

    /// <summary>The newest comes first.</summary>
    public static string NewestFirst(DateTimeOffset time, string id) => $"{Inverted(time)}:{TableKey.Of(id)}";

    /// <summary>The oldest comes first.</summary>
    public static string OldestFirst(DateTimeOffset time, string id)
        => $"{time.UtcTicks.ToString(Form, CultureInfo.InvariantCulture)}:{TableKey.Of(id)}";

    /// <summary>The time of a position where the oldest comes first.</summary>
    public static DateTimeOffset TimeOf(string position)
        => new(
            long.Parse(position.AsSpan(0, position.IndexOf(':', StringComparison.Ordinal)), CultureInfo.InvariantCulture), TimeSpan.Zero);

    /// <summary>The time of a position where the newest comes first.</summary>
    public static DateTimeOffset NewestTimeOf(string position)
        => new(DateTime.MaxValue.Ticks - TimeOf(position).Ticks, TimeSpan.Zero);

    /// <summary>The first text of a time where the newest comes first.</summary>
    public static string Inverted(DateTimeOffset time)
        => (DateTime.MaxValue.Ticks - time.UtcTicks).ToString(Form, CultureInfo.InvariantCulture);
}

/// <summary>A part of a list that begins with the newest: between two times, both included, after a position.</summary>
/// <param name="From">The oldest time; null for all there are.</param>
/// <param name="To">The newest time; null for all there are.</param>
/// <param name="After">The position that was the last one read; null for the first page.</param>
internal sealed record IndexSpan(DateTimeOffset? From = null, DateTimeOffset? To = null, string? After = null)
{
    /// <summary>The whole list.</summary>
    public static IndexSpan Whole { get; } = new();
}

/// <summary>A change of the index.</summary>
/// <param name="List">The list, such as <c>open:CashIn</c>.</param>
/// <param name="Position">Where in it.</param>
/// <param name="Columns">What the row says, ids only; null to take it away.</param>
internal sealed record IndexChange(string List, string Position, IReadOnlyDictionary<string, object?>? Columns)
{
    /// <summary>Writes a row, or writes it again.</summary>
    public static IndexChange Put(string list, string position, params ReadOnlySpan<(string Name, string? Value)> columns)
    {
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in columns)
            if (value is not null)
                named[name] = value;
        return new(list, position, named);
    }

    /// <summary>Takes a row away, if it is there.</summary>
    public static IndexChange Remove(string list, string position) => new(list, position, null);
}
