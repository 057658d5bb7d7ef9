using System.Diagnostics;

namespace OmsWorkflows.Functions.Tests.CashIns.Explorer;

/// <summary>Every combination of what can happen to a cash-in, on the real code, with a clock that skips.</summary>
public sealed class CashInExplorerTests(ITestOutputHelper output)
{
    private const int BatchSize = 600;

    /// <summary>A prime, so that a part of the schedules has some of every kind.</summary>
    private const int Part = 7;

    [Fact]
    public Task Whatever_happens_no_money_is_lost_or_booked_twice()
        => ExploreAsync([.. Schedule.All().Index().Where(each => each.Index % Part == 0)]);

    /// <summary>Takes minutes: run it by name after a change of the journey, the mailbox or the activities.</summary>
    [Fact(Explicit = true)]
    public Task Whatever_happens_in_all_schedules_no_money_is_lost_or_booked_twice() => ExploreAsync([.. Schedule.All().Index()]);

    private async Task ExploreAsync(IReadOnlyList<(int Index, Schedule Item)> schedules)
    {
        var watch = Stopwatch.StartNew();
        var violations = new List<string>();
        await Parallel.ForEachAsync(schedules.Chunk(BatchSize), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (batch, _) =>
        {
            await using var explorer = await Explorer.StartAsync();
            var wrong = await explorer.RunAsync(batch.Select(each => (each.Index, each.Item)));
            lock (violations)
                violations.AddRange(wrong);
        });

        output.WriteLine($"{schedules.Count} schedules, {violations.Count} violations, {watch.Elapsed.TotalSeconds:0.0} s");
        foreach (var violation in violations.Take(50))
            output.WriteLine(violation);
        schedules.Count.Should().BeGreaterThan(2_000);
        violations.Should().BeEmpty();
    }
}
