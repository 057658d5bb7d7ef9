namespace OmsWorkflows.Oms;

/// <summary>One page of a list, newest first (docs/oms-api.md 3.2).</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record OmsPage<T>
{
    /// <summary>The items.</summary>
    public IReadOnlyList<T> Data { get => field ?? []; init; }

    /// <summary>Whether there is a further page; only this ends a listing, never a missing cursor.</summary>
    public bool HasMore { get; init; }

    /// <summary>Opaque cursor: ask for the next page with it.</summary>
    public string? NextCursor { get; init; }
}
