namespace OmsWorkflows.Conformance.Client;

public sealed class PurgeTests
{
    [Fact]
    public async Task Purged_instance_is_gone()
    {
        await using var engine = await StartAsync();
        await engine.EndOfAsync(await engine.ScheduleAsAsync("one", "Main"));

        var purged = await engine.Client.PurgeInstanceAsync("one", TestContext.Current.CancellationToken);

        purged.PurgedInstanceCount.Should().Be(1);
        (await engine.Client.GetInstanceAsync("one", TestContext.Current.CancellationToken)).Should().BeNull();
    }

    [Fact]
    public async Task Purge_of_an_unknown_instance_removes_none()
    {
        await using var engine = await StartAsync();

        (await engine.Client.PurgeInstanceAsync("nobody", TestContext.Current.CancellationToken)).PurgedInstanceCount.Should().Be(0);
    }

    [Fact]
    public async Task Instances_are_purged_by_status()
    {
        await using var engine = await StartAsync();
        await engine.EndOfAsync(await engine.ScheduleAsAsync("done", "Main"));
        await engine.EndOfAsync(await engine.ScheduleAsAsync("failed", "Fail"));

        var purged = await engine.Client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(
                Statuses: [OrchestrationRuntimeStatus.Failed]),
            TestContext.Current.CancellationToken);

        purged.PurgedInstanceCount.Should().Be(1);
        (await engine.Client.GetInstanceAsync("failed", TestContext.Current.CancellationToken)).Should().BeNull();
        (await engine.Client.GetInstanceAsync("done", TestContext.Current.CancellationToken)).Should().NotBeNull();
    }

    [Fact]
    public async Task Instances_are_purged_by_creation_time()
    {
        await using var engine = await StartAsync();
        await engine.EndOfAsync(await engine.ScheduleAsAsync("one", "Main"));
        var created = (await engine.GetAsync("one")).CreatedAt;

        var before = await engine.Client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(created.AddHours(-2), created.AddHours(-1)), TestContext.Current.CancellationToken);
        var around = await engine.Client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(created.AddHours(-1), created.AddHours(1)), TestContext.Current.CancellationToken);

        before.PurgedInstanceCount.Should().Be(0);
        around.PurgedInstanceCount.Should().Be(1);
    }

    [Fact]
    public async Task Id_of_a_purged_instance_is_free_again()
    {
        await using var engine = await StartAsync();
        await engine.EndOfAsync(await engine.ScheduleAsAsync("one", "Main"));
        await engine.Client.PurgeInstanceAsync("one", TestContext.Current.CancellationToken);

        await engine.ScheduleAsAsync("one", "Main");

        (await engine.ResultOfAsync<string>("one")).Should().Be("ended");
    }

    private static Task<ConformanceEngine> StartAsync() => ConformanceEngine.StartAsync(tasks => tasks
        .AddOrchestratorFunc<string>("Main", _ => "ended")
        .AddOrchestratorFunc<string>("Fail", _ => Task.FromException<string>(new InvalidOperationException("failed"))));
}
