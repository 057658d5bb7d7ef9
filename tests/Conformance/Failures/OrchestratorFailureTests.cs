namespace OmsWorkflows.Conformance.Failures;

public sealed class OrchestratorFailureTests
{
    [Fact]
    public async Task Exception_fails_the_instance_with_its_details()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddFailingOrchestrator("Main", () => new InvalidOperationException("broken", new TimeoutException("late"))));

        var ended = await engine.RunAsync("Main");

        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorType.Should().Be("System.InvalidOperationException");
        ended.FailureDetails.ErrorMessage.Should().Be("broken");
        ended.FailureDetails.InnerFailure!.ErrorType.Should().Be("System.TimeoutException");
        ended.FailureDetails.InnerFailure.ErrorMessage.Should().Be("late");
    }

    [Fact, ThroughHost]
    public async Task Exception_after_an_await_fails_the_instance()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                await context.CallActivityAsync<string>("Any");
                throw new InvalidOperationException("later");
            })
            .AddActivityFunc<string>("Any", _ => "any"));

        var ended = await engine.RunAsync("Main");

        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorMessage.Should().Be("later");
    }

    [Fact]
    public async Task Name_nobody_registered_fails_the_instance()
    {
        await using var engine = await ConformanceEngine.StartAsync(_ => { });

        var ended = await engine.RunAsync("NobodyKnows");

        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorType.Should().Be("OrchestratorTaskNotFound");
    }

    [Fact, ThroughHost]
    public async Task Failure_of_a_sub_orchestration_reaches_its_parent()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                try
                {
                    return await context.CallSubOrchestratorAsync<string>("Sub");
                }
                catch (TaskFailedException e)
                {
                    return $"{e.TaskName}|{e.FailureDetails.ErrorType}|{e.FailureDetails.ErrorMessage}";
                }
            })
            .AddFailingOrchestrator("Sub", () => new InvalidOperationException("below")));

        (await engine.ResultAsync<string>("Main")).Should().Be("Sub|System.InvalidOperationException|below");
    }

    [Fact, ThroughHost]
    public async Task Cause_in_an_activity_is_known_two_levels_up()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string[]>("Main", async context =>
            {
                try
                {
                    await context.CallSubOrchestratorAsync("Sub");
                    return [];
                }
                catch (TaskFailedException e)
                {
                    return [.. e.FailureDetails.Chain().Select(cause => cause.ErrorType)];
                }
            })
            .AddOrchestratorFunc("Sub", context => context.CallActivityAsync("Fail"))
            .AddFailingActivity("Fail", () => new InvalidOperationException("outer", new TimeoutException("inner"))));

        var causes = await engine.ResultAsync<string[]>("Main");

        causes[0].Should().Be(typeof(TaskFailedException).FullName);
        causes.Should().ContainInOrder("System.InvalidOperationException", "System.TimeoutException");
    }

    [Fact, ThroughHost]
    public async Task Failed_instance_has_no_output_and_keeps_its_custom_status()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context =>
            {
                context.SetCustomStatus("about to fail");
                return Task.FromException<string>(new InvalidOperationException("failed"));
            }));

        var ended = await engine.RunAsync("Main");

        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed);
        ended.ReadCustomStatusAs<string>().Should().Be("about to fail");
    }
}
