namespace OmsWorkflows.Conformance.SubOrchestrations;

public sealed class SubOrchestrationTests
{
    [Fact, ThroughHost]
    public async Task Result_of_a_sub_orchestration_is_returned()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Main", (context, n) => context.CallSubOrchestratorAsync<int>("Sub", n + 1))
            .AddOrchestratorFunc<int, int>("Sub", (_, n) => Task.FromResult(n * 10)));

        (await engine.ResultAsync<int>("Main", 4)).Should().Be(50);
    }

    [Fact, ThroughHost]
    public async Task Sub_orchestration_knows_its_parent()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context => context.CallSubOrchestratorAsync<string>("Sub"))
            .AddOrchestratorFunc<string>("Sub", context => $"{context.Parent?.Name}/{context.Parent?.InstanceId}"));

        var id = await engine.ScheduleAsAsync("the-parent", "Main");

        (await engine.ResultOfAsync<string>(id)).Should().Be("Main/the-parent");
    }

    [Fact, ThroughHost]
    public async Task Top_orchestration_has_no_parent()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<bool>("Main", context => context.Parent is null));

        (await engine.ResultAsync<bool>("Main")).Should().BeTrue();
    }

    [Fact, ThroughHost]
    public async Task Instance_id_of_a_sub_orchestration_can_be_given()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context =>
                context.CallSubOrchestratorAsync<string>("Sub", options: new SubOrchestrationOptions(instanceId: "the-child")))
            .AddOrchestratorFunc<string>("Sub", context => context.InstanceId));

        (await engine.ResultAsync<string>("Main")).Should().Be("the-child");
        (await engine.GetAsync("the-child")).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Completed);
    }

    [Fact, ThroughHost]
    public async Task Left_out_instance_id_is_made_up()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string[]>("Main", context => Task.WhenAll(
                context.CallSubOrchestratorAsync<string>("Sub"), context.CallSubOrchestratorAsync<string>("Sub")))
            .AddOrchestratorFunc<string>("Sub", context => context.InstanceId));

        (await engine.ResultAsync<string[]>("Main")).Should().OnlyHaveUniqueItems().And.OnlyContain(id => id.Length == 32);
    }

    [Fact, ThroughHost]
    public async Task Sub_orchestrations_run_side_by_side()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int[]>("Main", context => Task.WhenAll(
                Enumerable.Range(1, 10).Select(n => context.CallSubOrchestratorAsync<int>("Sub", n))))
            .AddOrchestratorFunc<int, int>("Sub", (context, n) => context.CallActivityAsync<int>("Square", n))
            .AddActivityFunc<int, int>("Square", (_, n) => n * n));

        (await engine.ResultAsync<int[]>("Main")).Should().Equal(1, 4, 9, 16, 25, 36, 49, 64, 81, 100);
    }

    [Fact, ThroughHost]
    public async Task Orchestrator_may_call_itself()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Factorial", async (context, n) =>
                n <= 1 ? 1 : n * await context.CallSubOrchestratorAsync<int>("Factorial", n - 1)));

        (await engine.ResultAsync<int>("Factorial", 6)).Should().Be(720);
    }

    [Fact, ThroughHost]
    public async Task Sub_orchestration_may_continue_as_new()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int>("Main", context => context.CallSubOrchestratorAsync<int>("Sub", 1))
            .AddOrchestratorFunc<int, int>("Sub", (context, round) =>
            {
                if (round < 4)
                    context.ContinueAsNew(round + 1);
                return Task.FromResult(round);
            }));

        (await engine.ResultAsync<int>("Main")).Should().Be(4);
    }

    [Fact]
    public async Task Sub_orchestration_can_be_sent_events()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context =>
                context.CallSubOrchestratorAsync<string>("Sub", options: new SubOrchestrationOptions(instanceId: "child")))
            .AddOrchestratorFunc<string>("Sub", context =>
            {
                context.SetCustomStatus("waiting");
                return context.WaitForExternalEvent<string>("go");
            }));
        var id = await engine.ScheduleAsync("Main");
        await engine.UntilStatusAsync("child", "waiting");

        await engine.RaiseAsync("child", "go", "heard");

        (await engine.ResultOfAsync<string>(id)).Should().Be("heard");
    }

    [Fact, ThroughHost]
    public async Task Terminated_sub_orchestration_fails_the_call()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                try
                {
                    await context.CallSubOrchestratorAsync("Sub", options: new SubOrchestrationOptions(instanceId: "child"));
                    return "ended";
                }
                catch (TaskFailedException)
                {
                    return "failed";
                }
            })
            .AddOrchestratorFunc<string>("Sub", context =>
            {
                context.SetCustomStatus("waiting");
                return context.WaitForExternalEvent<string>("never");
            }));
        var id = await engine.ScheduleAsync("Main");
        await engine.UntilStatusAsync("child", "waiting");

        await engine.Client.TerminateInstanceAsync("child", "stopped");

        (await engine.ResultOfAsync<string>(id)).Should().Be("failed");
    }
}
