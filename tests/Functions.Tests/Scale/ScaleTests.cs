namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>
/// Every list, sweep and look-up costs the same however many journeys have ended: requests, rows, and reads of the engine are counted
/// beside few and beside many (docs/decisions/0015-reads-that-do-not-scan.md). Two passes read tables whole, and are no part of this: the
/// fill of the index (<see cref="FillTests"/>), and the nightly copy of the ledger (docs/decisions/0016-settlements-by-month.md).
/// </summary>
public sealed class ScaleTests(ITestOutputHelper output)
{
    private const int Few = 200;
    private const int Many = 2_000;

    [Fact]
    public async Task Everything_costs_the_same_beside_ten_times_as_many()
    {
        await using var few = await ScaleWorld.InMemoryAsync(Few);
        await using var many = await ScaleWorld.InMemoryAsync(Many);

        await CompareAsync(few, many);
    }

    [Fact]
    public Task Everything_costs_the_same_beside_a_thousand_on_Azurite() => CompareOnAzuriteAsync(1_000);

    /// <summary>By name only: it takes a minute, since Azurite goes through all rows of a table for each query.</summary>
    [Fact(Explicit = true)]
    public Task Everything_costs_the_same_beside_a_hundred_thousand_on_Azurite() => CompareOnAzuriteAsync(100_000);

    [Fact]
    public async Task The_removal_of_a_person_costs_in_proportion_to_their_journeys()
    {
        await using var world = await ScaleWorld.InMemoryAsync(0);
        var (removal, costs) = (new RemovalMeasures(world), new ScaleCosts(world));
        foreach (var journeys in (int[])[1, 40])
        {
            await removal.AddPersonAsync($"cst_{journeys}", journeys);
            await costs.MeasureAsync($"{journeys}", () => removal.RemovePersonAsync($"cst_{journeys}", journeys));
            output.WriteLine($"{journeys,2} {costs[$"{journeys}"]}");
        }

        costs["40"].Requests.Should().BeLessThanOrEqualTo(40 * costs["1"].Requests);
        costs["40"].Rows.Should().BeLessThanOrEqualTo(40 * costs["1"].Rows);
    }

    private async Task CompareOnAzuriteAsync(int count)
    {
        await using var few = await ScaleWorld.OnAzuriteAsync(Few);
        await using var many = await ScaleWorld.OnAzuriteAsync(count);

        await CompareAsync(few, many);
    }

    private async Task CompareAsync(ScaleWorld few, ScaleWorld many)
    {
        var (before, after) = (await few.MeasureAsync(), await many.MeasureAsync());
        output.WriteLine($"beside {few.Count} and {many.Count} ended journeys: requests, rows of queries, reads of the engine, time");
        foreach (var (what, cost) in after.All)
            output.WriteLine($"{what,-60} {before[what]}    {cost}");
        after.All.Select(each => (each.Key, each.Value.Requests, each.Value.Rows, each.Value.Engine)).Should()
            .Equal(before.All.Select(each => (each.Key, each.Value.Requests, each.Value.Rows, each.Value.Engine)));
        few.Traffic.Wide.Concat(many.Traffic.Wide).Should().BeEmpty("a query is a range of keys");
    }
}
