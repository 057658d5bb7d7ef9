namespace OmsWorkflows.Conformance.Lifecycle;

public sealed class TerminateTests
{
    [Fact, ThroughHost]
    public async Task Terminated_instance_has_the_given_output()
    {
        await using var engine = await StartAsync();
        var id = await engine.ScheduleAsync("Wait");
        await engine.UntilStatusAsync(id, "waiting");

        await engine.Client.TerminateInstanceAsync(id, "stopped");

        var ended = await engine.EndOfAsync(id);
        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Terminated);
        ended.ReadOutputAs<string>().Should().Be("stopped");
    }

    [Fact]
    public async Task Termination_does_not_wait_for_an_activity()
    {
        using var gate = new SemaphoreSlim(0);
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context => context.CallActivityAsync<string>("Work"))
            .AddActivityFunc<string>("Work", async _ =>
            {
                started.TrySetResult(true);
                await gate.WaitAsync();
                return "done";
            }));
        var id = await engine.ScheduleAsync("Main");
        await engine.WithinLimitAsync(started.Task);

        await engine.Client.TerminateInstanceAsync(id, "stopped");
        var ended = await engine.EndOfAsync(id);
        gate.Release();

        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Terminated);
    }

    [Fact]
    public async Task Terminating_an_ended_instance_changes_nothing()
    {
        await using var engine = await StartAsync();
        var id = await engine.ScheduleAsync("Quick");
        await engine.EndOfAsync(id);

        await engine.Client.TerminateInstanceAsync(id, "too late");
        await engine.RunAsync("Quick");

        var after = await engine.GetAsync(id);
        after.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Completed);
        after.ReadOutputAs<string>().Should().Be("ended");
    }

    [Fact, ThroughHost]
    public async Task Suspended_instance_can_be_terminated()
    {
        await using var engine = await StartAsync();
        var id = await engine.ScheduleAsync("Wait");
        await engine.UntilStatusAsync(id, "waiting");
        await engine.Client.SuspendInstanceAsync(id);
        await engine.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);

        await engine.Client.TerminateInstanceAsync(id, "stopped");

        (await engine.EndOfAsync(id)).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Terminated);
    }

    private static Task<ConformanceEngine> StartAsync() => ConformanceEngine.StartAsync(tasks => tasks
        .AddOrchestratorFunc<string>("Quick", _ => "ended")
        .AddOrchestratorFunc<string>("Wait", context =>
        {
            context.SetCustomStatus("waiting");
            return context.WaitForExternalEvent<string>("never");
        }));
}
