using Microsoft.DurableTask.Client;
using OmsWorkflows.CashIns;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Operations;

/// <summary>Counts what an operator wants to see first, over what runs and what was started in the last day.</summary>
public sealed class Overview(
    IEnumerable<JourneyKind> kinds, JourneyLists lists, SettlementLedger ledger, DeadLetters letters, HealthProbe health,
    TimeProvider clock)
{
    private const int Hours = 24;

    /// <summary>Each of them costs a look at the engine.</summary>
    private const int MostJourneys = 500;

    private const int MostStarted = 10_000;
    private const int MostListed = 200;
    private const int MostForAttention = 10;

    /// <summary>Many may look at once, and each look asks again and again.</summary>
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(3);

    private static readonly HashSet<JourneyPhase> WantAPerson = [JourneyPhase.AwaitingApplicant, JourneyPhase.Expired];

    private readonly JourneyKind[] _kinds = [.. kinds];
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
        var dead = letters.CountAsync(MostListed + 1, cancellationToken);
        var started = lists.ReadTimesAsync(CashInWorkflow.Name, since, MostStarted, cancellationToken);
        var open = await lists.ReadOpenAsync(_kinds, MostJourneys, client, cancellationToken);
        var (recent, more) = await lists.ReadAsync(_kinds, new(From: since), MostJourneys, null, client, cancellationToken);
        var journeys = open.Concat(recent).DistinctBy(journey => journey.Intake.InstanceId).ToList();
        var times = await started;
        var letterCount = await dead;
        return new(
            now,
            since,
            open.Count < MostJourneys && more is null && times.Count < MostStarted,
            await checking,
            [.. Count(journeys)],
            [.. CountHours(times, since)],
            [.. MeasurePhases(journeys)],
            [.. journeys.Where(WantsAttention).OrderBy(journey => journey.Status.Since).Take(MostForAttention).Select(Glance)],
            await unclaimed,
            new(Math.Min(letterCount, MostListed), letterCount > MostListed));
    }

    private async Task<UnclaimedCount> CountUnclaimedAsync(CancellationToken cancellationToken)
    {
        var sums = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        var count = 0;
        await foreach (var record in ledger.Lists.ListAsync(SettlementState.Unclaimed, cancellationToken))
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

    private static IEnumerable<JourneyCount> Count(IEnumerable<JourneyView> journeys) => journeys
        .GroupBy(journey => (Kind: journey.Kind.Orchestration, journey.Status.Phase, journey.Status.Ended))
        .OrderBy(group => group.Key)
        .Select(group => new JourneyCount(
            group.Key.Kind, group.Key.Phase, group.Key.Ended, group.Count(), group.Count(journey => journey.Status.Overdue)));

    private static IEnumerable<HourCount> CountHours(IEnumerable<DateTimeOffset> started, DateTimeOffset since)
    {
        var byHour = started.CountBy(StartOfHour).ToDictionary();
        return Enumerable.Range(0, Hours).Select(index => since.AddHours(index))
            .Select(hour => new HourCount(hour, byHour.GetValueOrDefault(hour)));
    }

    /// <summary>A phase lasts until the next one begins; how long the last one lasts is not known before the journey leaves it.</summary>
    private static IEnumerable<PhaseTime> MeasurePhases(IEnumerable<JourneyView> journeys) => journeys
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

    private static bool WantsAttention(JourneyView journey)
        => journey.Status.Phase == JourneyPhase.NeedsReview
            || (!journey.Status.Ended && (journey.Status.Overdue || WantAPerson.Contains(journey.Status.Phase)));

    private static JourneyGlance Glance(JourneyView journey) => new(
        journey.Intake.InstanceId,
        journey.Kind.Orchestration,
        journey.Status.Phase,
        journey.Status.Since,
        journey.Status.Overdue,
        journey.Status.Awaiting,
        journey.Status.Reason);

    private static DateTimeOffset StartOfHour(DateTimeOffset time)
        => new(time.UtcDateTime.Date.AddHours(time.UtcDateTime.Hour), TimeSpan.Zero);
}
