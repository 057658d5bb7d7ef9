using System.Diagnostics;

namespace OmsWorkflows.Functions.Tests.CashIns.Explorer;

/// <summary>Every combination of what can happen to a cash-in, on the real code, with a clock that skips.</summary>
public sealed class CashInExplorerTests(ITestOutputHelper output)
{
    private const int BatchSize = 600;

    /// <summary>Enough to find each planted bug, and no more.</summary>
    private const int PlantedSchedules = 60;

    /// <summary>A run has minutes; the next one takes others.</summary>
    private const int UsualPart = 12;

    /// <summary>
    /// The seed decides which twelfth of the schedules runs, and which run beside each other; <c>EXPLORER_SEED</c> repeats a run.
    /// <c>EXPLORER_PART=1</c> takes all.
    /// </summary>
    [Fact]
    public async Task Whatever_happens_no_money_is_lost_or_booked_twice()
        => (await ExploreAsync(Schedule.All())).Should().BeGreaterThan(12_000);

    [Fact]
    public async Task A_bank_deposit_that_races_the_cash_in_of_its_customer_is_booked_once_and_never_twice()
        => (await ExploreAsync(Schedule.WithTransfers())).Should().BeGreaterThan(2_000);

    /// <summary>Answers how many schedules there are, those that were left out included.</summary>
    private async Task<int> ExploreAsync(IEnumerable<Schedule> all)
    {
        var seed = Setting("EXPLORER_SEED") ?? Random.Shared.Next();
        var part = Setting("EXPLORER_PART") ?? UsualPart;
        var schedules = all.Index().Where(each => each.Index % part == seed % part).ToArray();
        new Random(seed).Shuffle(schedules);
        var watch = Stopwatch.StartNew();
        var violations = new List<string>();
        await Parallel.ForEachAsync(schedules.Chunk(BatchSize), new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (batch, _) =>
        {
            await using var explorer = await Explorer.StartAsync();
            var wrong = await explorer.RunAsync(batch);
            lock (violations)
                violations.AddRange(wrong);
        });

        output.WriteLine(
            $"{schedules.Length} schedules, seed {seed}, {violations.Count} violations, {watch.Elapsed.TotalSeconds:0.0} s");
        foreach (var violation in violations.Take(50))
            output.WriteLine(violation);
        violations.Should().BeEmpty();
        return schedules.Length * part;
    }

    /// <summary>The explorer is worth what it finds: each of these mistakes has to be among it.</summary>
    [Theory]
    [MemberData(nameof(Bugs))]
    public async Task A_planted_bug_is_found(string name)
    {
        var bug = PlantedBug.All.Single(each => each.Name == name);
        var schedules = Schedule.All().Index().Where(each => each.Item.Breakage.How == bug.ShownBy).ToList();
        var some = schedules.Where((_, index) => index % Math.Max(1, schedules.Count / PlantedSchedules) == 0);
        await using var explorer = await Explorer.StartAsync(bug);

        var violations = await explorer.RunAsync(some);

        violations.Should().NotBeEmpty();
        output.WriteLine($"{violations.Count} violations, the first: {violations[0]}");
    }

    public static IEnumerable<TheoryDataRow<string>> Bugs => PlantedBug.All.Select(bug => new TheoryDataRow<string>(bug.Name));

    private static int? Setting(string name)
        => int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : null;
}
