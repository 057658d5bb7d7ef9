namespace OmsWorkflows.Conformance.Client;

public sealed class QueryTests
{
    [Fact]
    public async Task All_instances_are_found()
    {
        await using var engine = await StartAsync();
        await EndAllAsync(engine, "a-1", "a-2", "b-1");

        (await IdsAsync(engine, null)).Should().BeEquivalentTo("a-1", "a-2", "b-1");
    }

    [Fact]
    public async Task Instances_are_found_by_prefix()
    {
        await using var engine = await StartAsync();
        await EndAllAsync(engine, "a-1", "a-2", "b-1");

        (await IdsAsync(engine, new OrchestrationQuery(InstanceIdPrefix: "a-"))).Should().BeEquivalentTo("a-1", "a-2");
    }

    [Fact]
    public async Task Instances_are_found_by_status()
    {
        await using var engine = await StartAsync();
        await EndAllAsync(engine, "done");
        await engine.EndOfAsync(await engine.ScheduleAsAsync("failed", "Fail"));
        await engine.ScheduleAsAsync("running", "Wait");
        await engine.UntilStatusAsync("running", "waiting");

        (await IdsAsync(engine, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Completed]))).Should().Equal("done");
        (await IdsAsync(engine, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Failed]))).Should().Equal("failed");
        var query = new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Failed]);
        (await IdsAsync(engine, query)).Should().BeEquivalentTo("failed", "running");
    }

    [Fact]
    public async Task Instances_are_found_by_creation_time()
    {
        await using var engine = await StartAsync();
        await EndAllAsync(engine, "one");
        var created = (await engine.GetAsync("one")).CreatedAt;

        (await IdsAsync(engine, new OrchestrationQuery(CreatedFrom: created.AddMinutes(-1), CreatedTo: created.AddMinutes(1)))).Should()
            .Equal("one");
        (await IdsAsync(engine, new OrchestrationQuery(CreatedFrom: created.AddMinutes(1)))).Should().BeEmpty();
        (await IdsAsync(engine, new OrchestrationQuery(CreatedTo: created.AddMinutes(-1)))).Should().BeEmpty();
    }

    [Fact]
    public async Task Pages_are_no_larger_than_asked_and_miss_nothing()
    {
        await using var engine = await StartAsync();
        var ids = Enumerable.Range(0, 7).Select(n => $"i-{n}").ToArray();
        await EndAllAsync(engine, ids);

        var pages = new List<Page<OrchestrationMetadata>>();
        await foreach (var page in engine.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 3)).AsPages())
            pages.Add(page);

        pages.Should().OnlyContain(page => page.Values.Count <= 3);
        pages.SelectMany(page => page.Values).Select(found => found.InstanceId).Should().BeEquivalentTo(ids);
    }

    [Fact]
    public async Task Inputs_and_outputs_come_when_asked_for()
    {
        await using var engine = await StartAsync();
        await engine.EndOfAsync(await engine.ScheduleAsAsync("one", "Echo", "text"));

        var with = await engine.Client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true)).SingleAsync();
        var without = await engine.Client.GetAllInstancesAsync(new OrchestrationQuery()).SingleAsync();

        with.ReadInputAs<string>().Should().Be("text");
        with.ReadOutputAs<string>().Should().Be("text");
        string.IsNullOrEmpty(without.SerializedInput).Should().BeTrue();
        string.IsNullOrEmpty(without.SerializedOutput).Should().BeTrue();
    }

    private static Task<ConformanceEngine> StartAsync() => ConformanceEngine.StartAsync(tasks => tasks
        .AddOrchestratorFunc<string, string>("Echo", (_, input) => Task.FromResult(input))
        .AddOrchestratorFunc<string>("Fail", _ => Task.FromException<string>(new InvalidOperationException("failed")))
        .AddOrchestratorFunc<string>("Wait", context =>
        {
            context.SetCustomStatus("waiting");
            return context.WaitForExternalEvent<string>("never");
        }));

    private static async Task EndAllAsync(ConformanceEngine engine, params string[] ids)
    {
        foreach (var id in ids)
            await engine.EndOfAsync(await engine.ScheduleAsAsync(id, "Echo", "x"));
    }

    private static async Task<List<string>> IdsAsync(ConformanceEngine engine, OrchestrationQuery? query)
    {
        var ids = new List<string>();
        await foreach (var found in engine.Client.GetAllInstancesAsync(query))
            ids.Add(found.InstanceId);
        return ids;
    }
}
