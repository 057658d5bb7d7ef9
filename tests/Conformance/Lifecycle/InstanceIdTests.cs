using DurableTask.Core.Exceptions;

namespace OmsWorkflows.Conformance.Lifecycle;

public sealed class InstanceIdTests
{
    [Fact]
    public async Task Id_of_an_ended_instance_can_be_used_again()
    {
        await using var engine = await StartAsync();
        await engine.EndOfAsync(await engine.ScheduleAsAsync("one", "Echo", "first"));

        await engine.ScheduleAsAsync("one", "Echo", "second");
        var ended = await engine.UntilAsync("one", found => found.IsCompleted && found.ReadOutputAs<string>() == "second");

        ended.ReadInputAs<string>().Should().Be("second");
    }

    [Fact]
    public async Task Deduplication_status_protects_the_instance()
    {
        await using var engine = await StartAsync();
        await engine.EndOfAsync(await engine.ScheduleAsAsync("one", "Echo", "first"));
        var options = new StartOrchestrationOptions("one").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed);

        var again = () => engine.ScheduleAsync("Echo", "second", options);

        await again.Should().ThrowAsync<OrchestrationAlreadyExistsException>();
        (await engine.GetAsync("one")).ReadOutputAs<string>().Should().Be("first");
    }

    [Fact]
    public async Task Deduplication_status_of_another_state_does_not_protect()
    {
        await using var engine = await StartAsync();
        await engine.EndOfAsync(await engine.ScheduleAsAsync("one", "Echo", "first"));
        var options = new StartOrchestrationOptions("one").WithDedupeStatuses(OrchestrationRuntimeStatus.Failed);

        await engine.ScheduleAsync("Echo", "second", options);

        await engine.UntilAsync("one", found => found.IsCompleted && found.ReadOutputAs<string>() == "second");
    }

    [Fact]
    public async Task Running_instance_can_be_protected()
    {
        await using var engine = await StartAsync();
        await engine.ScheduleAsAsync("one", "Wait");
        await engine.UntilStatusAsync("one", "waiting");
        var options = new StartOrchestrationOptions("one").WithDedupeStatuses(
            OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended);

        var again = () => engine.ScheduleAsync("Wait", null, options);

        await again.Should().ThrowAsync<OrchestrationAlreadyExistsException>();
    }

    [Fact]
    public async Task Status_that_is_none_is_refused()
    {
        await using var engine = await StartAsync();
        var options = new StartOrchestrationOptions("one") { DedupeStatuses = ["Asleep"] };

        var start = () => engine.ScheduleAsync("Echo", "x", options);

        await start.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Left_out_id_is_made_up()
    {
        await using var engine = await StartAsync();

        var first = await engine.ScheduleAsync("Echo", "a");
        var second = await engine.ScheduleAsync("Echo", "b");

        first.Should().NotBe(second).And.HaveLength(32);
    }

    [Fact]
    public async Task Restarted_instance_runs_again_with_its_input()
    {
        var runs = 0;
        await using var engine = await StartAsync(() => runs++);
        await engine.EndOfAsync(await engine.ScheduleAsAsync("one", "Echo", "input"));

        var id = await engine.Client.RestartAsync("one");

        id.Should().Be("one");
        await engine.UntilAsync("one", found => Volatile.Read(ref runs) == 2 && found.IsCompleted);
        (await engine.GetAsync("one")).ReadOutputAs<string>().Should().Be("input");
    }

    [Fact]
    public async Task Restart_may_take_a_new_id()
    {
        await using var engine = await StartAsync();
        await engine.EndOfAsync(await engine.ScheduleAsAsync("one", "Echo", "input"));

        var id = await engine.Client.RestartAsync("one", restartWithNewInstanceId: true);

        id.Should().NotBe("one");
        (await engine.ResultOfAsync<string>(id)).Should().Be("input");
        (await engine.GetAsync("one")).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    public async Task Restart_of_an_unknown_instance_is_refused()
    {
        await using var engine = await StartAsync();

        var restart = () => engine.Client.RestartAsync("nobody");

        await restart.Should().ThrowAsync<ArgumentException>();
    }

    private static Task<ConformanceEngine> StartAsync(Action? onRun = null) => ConformanceEngine.StartAsync(tasks => tasks
        .AddOrchestratorFunc<string, string>("Echo", async (context, input) => await context.CallActivityAsync<string>("Note", input))
        .AddOrchestratorFunc<string>("Wait", context =>
        {
            context.SetCustomStatus("waiting");
            return context.WaitForExternalEvent<string>("never");
        })
        .AddActivityFunc<string, string>("Note", (_, input) =>
        {
            onRun?.Invoke();
            return input;
        }));
}
