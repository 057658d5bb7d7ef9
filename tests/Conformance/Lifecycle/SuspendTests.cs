namespace OmsWorkflows.Conformance.Lifecycle;

public sealed class SuspendTests
{
    [Fact, ThroughHost]
    public async Task Suspended_instance_goes_on_when_resumed()
    {
        await using var engine = await StartAsync();
        var id = await SuspendedAsync(engine);

        await engine.Client.ResumeInstanceAsync(id);
        await engine.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Running);
        await engine.RaiseAsync(id, "number", 1);
        await engine.RaiseAsync(id, "number", 2);

        (await engine.ResultOfAsync<List<int>>(id)).Should().Equal(1, 2);
    }

    [Fact, ThroughHost]
    public async Task Events_of_a_suspended_instance_wait_in_order()
    {
        await using var engine = await StartAsync();
        var id = await SuspendedAsync(engine);

        await engine.RaiseAsync(id, "number", 1);
        await engine.RaiseAsync(id, "number", 2);
        await engine.RunAsync("Quick");
        (await engine.GetAsync(id)).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Suspended);
        await engine.Client.ResumeInstanceAsync(id);

        (await engine.ResultOfAsync<List<int>>(id)).Should().Equal(1, 2);
    }

    [Fact]
    public async Task Result_for_a_suspended_instance_waits()
    {
        using var gate = new SemaphoreSlim(0);
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context =>
            {
                context.SetCustomStatus("working");
                return context.CallActivityAsync<string>("Work");
            })
            .AddActivityFunc<string>("Work", async _ =>
            {
                await gate.WaitAsync();
                return "done";
            }));
        var id = await engine.ScheduleAsync("Main");
        await engine.UntilStatusAsync(id, "working");
        await engine.Client.SuspendInstanceAsync(id);
        await engine.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);

        gate.Release();
        await engine.Client.ResumeInstanceAsync(id);

        (await engine.ResultOfAsync<string>(id)).Should().Be("done");
    }

    [Fact, ThroughHost]
    public async Task Timer_of_a_suspended_instance_waits()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<TimeSpan, string>("Main", async (context, time) =>
            {
                var timer = context.CreateTimer(time, CancellationToken.None);
                context.SetCustomStatus("sleeping");
                await timer;
                return "woke";
            })
            .AddSleep());
        var (id, fired) = await engine.SuspendedBeforeTimerAsync("Main", "sleeping");
        await engine.RunAsync("Sleep", fired);

        (await engine.GetAsync(id)).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Suspended);
        await engine.Client.ResumeInstanceAsync(id);

        (await engine.ResultOfAsync<string>(id)).Should().Be("woke");
    }

    private static Task<ConformanceEngine> StartAsync() => ConformanceEngine.StartAsync(tasks => tasks
        .AddOrchestratorFunc<string>("Quick", _ => "ended")
        .AddOrchestratorFunc<List<int>>("Main", async context =>
        {
            context.SetCustomStatus("waiting");
            return [await context.WaitForExternalEvent<int>("number"), await context.WaitForExternalEvent<int>("number")];
        }));

    private static async Task<string> SuspendedAsync(ConformanceEngine engine)
    {
        var id = await engine.ScheduleAsync("Main");
        await engine.UntilStatusAsync(id, "waiting");
        await engine.Client.SuspendInstanceAsync(id, "a reason");
        await engine.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        return id;
    }
}
