using Microsoft.DurableTask.Client;
using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Operations;

/// <summary>Counts what an operator wants to see first, over what runs and what was started in the last day.</summary>
public sealed class Overview(
    IEnumerable<JourneyKind> kinds, SettlementLedger ledger, DeadLetters letters, HealthProbe health, TimeProvider clock)
{
    private const int Hours = 24;
    private const int MostJourneys = 5_000;
    private const int MostListed = 200;
    private const int MostForAttention = 10;

    /// <summary>Many may look at once, and each look asks again and again.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(3);

    private static readonly OrchestrationRuntimeStatus[] Running =
        [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Suspended];

    private static readonly HashSet<JourneyPhase> WantAPerson = [JourneyPhase.AwaitingApplicant, JourneyPhase.Expired];

    private readonly HashSet<string> _kinds = [.. kinds.Select(kind => kind.Orchestration)];
    private volatile OverviewReport? _last;

    /// <summary>Makes the report, or answers the last one if it is fresh.</summary>
    public async Task<OverviewReport> ReadAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var now = clock.GetUtcNow();
        return _last is { } last && now - last.At < Holds ? last : _last = await MakeAsync(client, now, cancellationToken);
    }

    private async Task<OverviewReport> MakeAsync(DurableTaskClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = StartOfHour(now).AddHours(1 - Hours);
        var checking = health.CheckAsync(client, cancellationToken);
        var unclaimed = CountUnclaimedAsync(cancellationToken);
        var dead = letters.ListAsync(MostListed, null, cancellationToken);
        var running = await ListAsync(client, new OrchestrationQuery(Statuses: Running, FetchInputsAndOutputs: true), cancellationToken);
        var recent = await ListAsync(client, new OrchestrationQuery(CreatedFrom: since, FetchInputsAndOutputs: true), cancellationToken);
        var journeys = running.Concat(recent).DistinctBy(journey => journey.Id).ToList();
        var letterPage = await dead;
        return new(
            now,
            since,
            running.Count < MostJourneys && recent.Count < MostJourneys,
            await checking,
            [.. Count(journeys)],
            [.. CountHours(recent, since)],
            [.. MeasurePhases(journeys)],
            [.. journeys.Where(WantsAttention).OrderBy(journey => journey.Status.Since).Take(MostForAttention).Select(Glance)],
            await unclaimed,
            new(letterPage.Data.Count, letterPage.Next is not null));
    }

    private async Task<IReadOnlyList<Seen>> ListAsync(
        DurableTaskClient client, OrchestrationQuery query, CancellationToken cancellationToken)
    {
        var seen = new List<Seen>();
        await foreach (var instance in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken))
        {
            if (_kinds.Contains(instance.Name))
                seen.Add(new(instance.InstanceId, instance.Name, instance.CreatedAt, JourneyView.StatusOf(instance)));
            if (seen.Count == MostJourneys)
                break;
        }

        return seen;
    }

    private async Task<UnclaimedCount> CountUnclaimedAsync(CancellationToken cancellationToken)
    {
        var sums = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        var count = 0;
        await foreach (var record in ledger.ListAsync(SettlementState.Unclaimed, cancellationToken))
        {
            if (count == MostListed)
                return new(count, true, ToSums(sums));
            count++;
            sums[record.Settlement.Asset] = sums.GetValueOrDefault(record.Settlement.Asset) + record.Settlement.Net;
        }

        return new(count, false, ToSums(sums));
    }

    private static IReadOnlyList<AssetSum> ToSums(SortedDictionary<string, decimal> sums)
        => [.. sums.Select(sum => new AssetSum(sum.Key, sum.Value))];

    private static IEnumerable<JourneyCount> Count(IEnumerable<Seen> journeys) => journeys
        .GroupBy(journey => (journey.Kind, journey.Status.Phase, journey.Status.Ended))
        .OrderBy(group => group.Key)
        .Select(group => new JourneyCount(
            group.Key.Kind, group.Key.Phase, group.Key.Ended, group.Count(), group.Count(journey => journey.Status.Overdue)));

    private static IEnumerable<HourCount> CountHours(IEnumerable<Seen> recent, DateTimeOffset since)
    {
        var cashIns = recent.Where(journey => journey.Kind == CashInWorkflow.Name);
        var byHour = cashIns.CountBy(journey => StartOfHour(journey.StartedAt)).ToDictionary();
        return Enumerable.Range(0, Hours).Select(index => since.AddHours(index))
            .Select(hour => new HourCount(hour, byHour.GetValueOrDefault(hour)));
    }

    /// <summary>A phase lasts until the next one begins; how long the last one lasts is not known before the journey leaves it.</summary>
    private static IEnumerable<PhaseTime> MeasurePhases(IEnumerable<Seen> journeys) => journeys
        .Select(journey => journey.Status.Passed)
        .SelectMany(passed => passed.Zip(passed.Skip(1), (phase, next) => (phase.Phase, Lasted: next.At - phase.At)))
        .GroupBy(span => span.Phase)
        .OrderBy(group => group.Key)
        .Select(group => new PhaseTime(group.Key, group.Count(), (int)Median(group.Select(span => span.Lasted)).TotalSeconds));

    private static TimeSpan Median(IEnumerable<TimeSpan> spans)
    {
        var ordered = spans.Order().ToList();
        return ordered[ordered.Count / 2];
    }

    private static bool WantsAttention(Seen journey)
        => journey.Status.Phase == JourneyPhase.NeedsReview
            || (!journey.Status.Ended && (journey.Status.Overdue || WantAPerson.Contains(journey.Status.Phase)));

    private static JourneyGlance Glance(Seen journey) => new(
        journey.Id,
        journey.Kind,
        journey.Status.Phase,
        journey.Status.Since,
        journey.Status.Overdue,
        journey.Status.Awaiting,
        journey.Status.Reason);

    private static DateTimeOffset StartOfHour(DateTimeOffset time)
        => new(time.UtcDateTime.Date.AddHours(time.UtcDateTime.Hour), TimeSpan.Zero);

    private sealed record Seen(string Id, string Kind, DateTimeOffset StartedAt, JourneyStatus Status);
}
