namespace OmsWorkflows.Conformance.Bulk;

/// <summary>Behaviours in large numbers. The published in-process host is slow at these: leave them out there with the trait.</summary>
[Trait("Size", "Bulk")]
public sealed class BulkTests
{
    [Fact]
    public async Task Thousand_activities_fan_out_and_in()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<long>("Main", async context =>
                (await Task.WhenAll(Enumerable.Range(1, 1_000).Select(n => context.CallActivityAsync<long>("Square", n)))).Sum())
            .AddActivityFunc<long, long>("Square", (_, n) => n * n));

        (await engine.ResultAsync<long>("Main")).Should().Be(Enumerable.Range(1, 1_000).Sum(n => (long)n * n));
    }

    [Fact]
    public async Task Fifty_sub_orchestrations_nest()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Level", async (context, depth) =>
                depth == 50 ? depth : await context.CallSubOrchestratorAsync<int>("Level", depth + 1)));

        (await engine.ResultAsync<int>("Level", 1)).Should().Be(50);
    }

    [Fact]
    public async Task Ten_thousand_events_reach_one_instance_in_order()
    {
        const int Count = 10_000;
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                for (var expected = 0; expected < Count; expected++)
                {
                    if (await context.WaitForExternalEvent<int>("number") is var got && got != expected)
                        return $"{got} instead of {expected}";
                }

                return "in order";
            }));
        var id = await engine.ScheduleAsync("Main");

        for (var n = 0; n < Count; n++)
            await engine.RaiseAsync(id, "number", n);

        (await engine.ResultOfAsync<string>(id)).Should().Be("in order");
    }

    [Fact]
    public async Task Orchestration_continues_as_new_a_thousand_times()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Main", (context, round) =>
            {
                if (round < 1_000)
                    context.ContinueAsNew(round + 1);
                return Task.FromResult(round);
            }));

        (await engine.ResultAsync<int>("Main", 0)).Should().Be(1_000);
    }

    [Fact]
    public async Task Five_hundred_instances_run_side_by_side()
    {
        await using var engine = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Main", async (context, n) => await context.CallActivityAsync<int>("Next", n))
            .AddActivityFunc<int, int>("Next", (_, n) => n + 1));
        var ids = await Task.WhenAll(Enumerable.Range(0, 500).Select(n => engine.ScheduleAsync("Main", n)));

        var results = await Task.WhenAll(ids.Select(id => engine.ResultOfAsync<int>(id)));

        results.Should().Equal(Enumerable.Range(1, 500));
    }

    private static Task<ConformanceEngine> StartAsync(Action<DurableTaskRegistry> tasks)
        => ConformanceEngine.StartAsync(tasks);
}
