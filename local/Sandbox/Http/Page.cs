using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Local.Sandbox.Http;

/// <summary>One page of a list (docs/oms-api.md 3.2). Only transactions have a previous cursor.</summary>
internal sealed record Page<T>(
    IReadOnlyList<T> Data,
    bool HasMore,
    string? NextCursor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PreviousCursor = null);

/// <summary>What a list can be ordered and cut by.</summary>
internal interface IListed
{
    string Id { get; }

    DateTimeOffset CreatedAt { get; }
}

/// <summary>
/// Cuts pages: newest first, by creation and then by id; cursors point between two items, so they stay good while the list grows.
/// </summary>
internal static class Paging
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 100;

    public static Page<TView> Cut<T, TView>(
        IEnumerable<T> items, HttpRequest request, Func<T, TView> view, bool withPrevious = false) where T : IListed
    {
        var limit = Limit(request);
        var after = Cursor(request, "startingAfter");
        var before = Cursor(request, "endingBefore");
        if (after is not null && before is not null)
            throw ApiException.Validation("endingBefore", "cannot be used together with startingAfter");

        var (from, to) = (Time(request, "createdAfter"), Time(request, "createdBefore"));
        var wanted = items
            .Where(item => (from is null || item.CreatedAt >= from) && (to is null || item.CreatedAt <= to))
            .Where(item => (after is null || Key(item).CompareTo(after) < 0) && (before is null || Key(item).CompareTo(before) > 0))
            .OrderByDescending(Key)
            .ToList();
        // Going back, the page is the one next to the cursor, still newest first.
        var data = before is null ? wanted.Take(limit).ToList() : wanted.Skip(Math.Max(0, wanted.Count - limit)).ToList();
        return new Page<TView>(
            [.. data.Select(view)],
            wanted.Count > data.Count,
            data.Count == 0 ? null : Text(Key(data[^1])),
            withPrevious && data.Count > 0 ? Text(Key(data[0])) : null);
    }

    public static DateTimeOffset? Time(HttpRequest request, string name)
    {
        if (request.Query[name] is not [{ Length: > 0 } text, ..])
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw ApiException.Validation(name, "must be an ISO 8601 time");
    }

    private static int Limit(HttpRequest request)
    {
        if (request.Query["limit"] is not [{ Length: > 0 } text, ..])
            return DefaultLimit;
        if (!int.TryParse(text, CultureInfo.InvariantCulture, out var limit) || limit < 1)
            throw ApiException.Validation("limit", "must be a positive whole number");
        return Math.Min(limit, MaxLimit);
    }

    private static Position? Cursor(HttpRequest request, string name)
    {
        if (request.Query[name] is not [{ Length: > 0 } text, ..])
            return null;
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('|');
            return new Position(long.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]);
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw ApiException.Validation(name, "is not a cursor of this list");
        }
    }

    private static string Text(Position position)
        => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{position.Ticks}|{position.Id}")));

    private static Position Key<T>(T item) where T : IListed => new(item.CreatedAt.UtcTicks, item.Id);

    private sealed record Position(long Ticks, string Id) : IComparable<Position>
    {
        public int CompareTo(Position? other)
        {
            if (other is null)
                return 1;
            var byTime = Ticks.CompareTo(other.Ticks);
            return byTime != 0 ? byTime : string.CompareOrdinal(Id, other.Id);
        }
    }
}
