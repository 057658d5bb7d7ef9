using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// One page of a list, newest first (docs/oms-api.md 3.2). An answer without its list is no empty list: it cannot be read.
/// </summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record OmsPage<T>
{
    /// <summary>The items.</summary>
    [JsonRequired]
    public IReadOnlyList<T> Data { get; init; } = [];

    /// <summary>Whether there is a further page; <see cref="NextCursor"/> is set then.</summary>
    [JsonIgnore]
    public bool HasMore => SaysMore ?? false;

    /// <summary>Opaque cursor: ask for the next page with it.</summary>
    [JsonConverter(typeof(TextConverter))]
    public string? NextCursor { get; init; }

    /// <summary>Null when the answer did not say.</summary>
    [JsonInclude, JsonPropertyName("hasMore")]
    internal bool? SaysMore { get; init; }

    /// <summary>Why the page that begins at a cursor cannot be believed; <see langword="null"/> when it can.</summary>
    internal string? Doubt(string? cursor)
    {
        if (Data is null || Data.Any(item => item is null))
        {
            return "a list has items";
        }

        if (HasMore && (NextCursor is null || NextCursor == cursor))
        {
            return "a page before others says where they begin";
        }

        if (NextCursor is not null && (SaysMore is null || (Data.Count == 0 && !HasMore && cursor is null)))
        {
            return "a page with a cursor has items, and says whether it is the last";
        }

        return Data.OfType<IOmsResource>().Select(item => item.Doubt()).FirstOrDefault(doubt => doubt is not null);
    }
}
