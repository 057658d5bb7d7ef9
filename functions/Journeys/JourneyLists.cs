using Microsoft.DurableTask.Client;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Journeys;

/// <summary>Which journeys are wanted; what is null does not matter.</summary>
/// <param name="CustomerId">Of this customer.</param>
/// <param name="Phase">In this phase.</param>
/// <param name="Overdue">Waiting longer than they should, or not.</param>
/// <param name="From">Received at this time or later.</param>
/// <param name="To">Received at this time or before.</param>
public sealed record JourneyFilter(
    string? CustomerId = null,
    JourneyPhase? Phase = null,
    bool? Overdue = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null);

/// <summary>
/// Reads journeys by the lists they stand in, the newest first: only those that are answered, and, where an open journey's phase or delay
/// is asked for, the open ones (docs/decisions/0015-reads-that-do-not-scan.md).
/// </summary>
public sealed class JourneyLists(Intakes intakes)
{
    /// <summary>Looked at beside each other.</summary>
    private const int AtOnce = 16;

    /// <summary>A page is short only when so many were looked at for it.</summary>
    private const int MostLookedAt = 5_000;

    /// <summary>One page.</summary>
    /// <param name="kinds">Of these kinds.</param>
    /// <param name="wanted">Which of them.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <returns>The journeys, and where the page ends if there are more.</returns>
    public async Task<(IReadOnlyList<JourneyView> Page, string? Next)> ReadAsync(
        IReadOnlyCollection<JourneyKind> kinds,
        JourneyFilter wanted,
        int limit,
        string? after,
        DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var page = new List<JourneyView>();
        var lookedAt = 0;
        string? last = null;
        var isFiltered = wanted.Phase is not null || wanted.Overdue is not null || wanted.CustomerId is not null;
        var rows = RowsAsync(kinds, wanted, after, isFiltered ? Math.Max(limit + 1, AtOnce) : limit + 1, cancellationToken);
        await foreach (var next in rows.Chunk(limit < 2 * AtOnce ? limit + 1 : AtOnce).WithCancellation(cancellationToken))
        {
            var views = await Task.WhenAll(next.Select(row => ViewAsync(kinds, row, client, cancellationToken)));
            foreach (var (position, view) in next.Select(row => row.Position).Zip(views))
            {
                if (view is null || !IsWanted(view, wanted) || (page.Count > 0 && page[^1].Intake.InstanceId == view.Intake.InstanceId))
                    continue;
                if (page.Count == limit)
                    return (page, last);
                page.Add(view);
                last = position;
            }

            lookedAt += next.Length;
            if (lookedAt >= MostLookedAt)
                return (page, next[^1].Position);
        }

        return (page, null);
    }

    /// <summary>Journeys that are open, the newest first, up to a limit.</summary>
    public async Task<IReadOnlyList<JourneyView>> ReadOpenAsync(
        IReadOnlyCollection<JourneyKind> kinds, int most, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var open = new List<JourneyView>();
        var rows = intakes.Index.MergeAsync(
            [.. kinds.Select(kind => JourneyIndex.Open(kind.Orchestration))], IndexSpan.Whole, most, cancellationToken);
        await foreach (var next in rows.Take(most).Chunk(AtOnce).WithCancellation(cancellationToken))
        {
            var views = await Task.WhenAll(next.Select(row => ViewAsync(kinds, row, client, cancellationToken)));
            open.AddRange(views.OfType<JourneyView>());
        }

        return open;
    }

    /// <summary>When the journeys of a kind were asked for, the newest first, back to a time, up to a limit.</summary>
    public async Task<IReadOnlyList<DateTimeOffset>> ReadTimesAsync(
        string kind, DateTimeOffset from, int most, CancellationToken cancellationToken)
        => await intakes.Index.MergeAsync([JourneyIndex.All(kind)], new(From: from), Math.Min(most, 1_000), cancellationToken)
            .Take(most).Select(row => IndexPosition.NewestTimeOf(row.Position)).ToListAsync(cancellationToken);

    private static bool IsWanted(JourneyView view, JourneyFilter wanted)
        => (wanted.Phase is null || view.Status.Phase == wanted.Phase)
            && (wanted.Overdue is null || view.Status.Overdue == wanted.Overdue);

    private IAsyncEnumerable<IndexRow> RowsAsync(
        IReadOnlyCollection<JourneyKind> kinds, JourneyFilter wanted, string? after, int chunk, CancellationToken cancellationToken)
    {
        var span = new IndexSpan(wanted.From, wanted.To, after);
        return wanted.CustomerId is { } customerId
            ? intakes.Index.OfCustomerAsync(customerId, span, chunk, cancellationToken)
            : intakes.Index.MergeAsync([.. Lists(kinds, wanted)], span, chunk, cancellationToken);
    }

    private static IEnumerable<string> Lists(IReadOnlyCollection<JourneyKind> kinds, JourneyFilter wanted)
    {
        foreach (var kind in kinds.Select(kind => kind.Orchestration))
        {
            if (wanted.Overdue == true)
                yield return JourneyIndex.Open(kind);
            else if (wanted.Phase is not { } phase)
                yield return JourneyIndex.All(kind);
            else
            {
                yield return JourneyIndex.Open(kind);
                yield return JourneyIndex.Ended(kind, phase);
            }
        }
    }

    /// <summary>Null when the row names nothing that is there, or what is there as the list does not say.</summary>
    private async Task<JourneyView?> ViewAsync(
        IReadOnlyCollection<JourneyKind> kinds, IndexRow row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var intake = JourneyIndex.InstanceOf(row) is { } id ? await intakes.FindPlainAsync(id, cancellationToken) : null;
        if (intake is null || JourneyIndex.PositionOf(intake) != row.Position)
            return null;
        if (kinds.FirstOrDefault(known => known.Orchestration == intake.Orchestration) is not { } kind)
            return null;
        var view = await JourneyView.OfAsync(kind, intake, intakes.Index, client, cancellationToken);
        if (view.Status.Ended && row.List == JourneyIndex.Open(kind.Orchestration))
            await intakes.Index.EndAsync(
                intake.InstanceId, kind.Orchestration, intake.ReceivedAt, view.Status.Phase, [view.Status.CustomerId], cancellationToken);
        return view;
    }
}
