using OrchestrationAlreadyExistsException = DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException;

namespace OmsWorkflows.Conformance.Lifecycle;

/// <summary>A start whose id belongs to an instance that has not ended: as on the Functions host, it is refused by default.</summary>
public sealed class StartOverTests
{
    private static readonly StartOrchestrationOptions One = new("one");

    [Fact]
    public async Task Unfinished_instance_is_not_replaced_unless_asked()
    {
        await using var engine = await StartAsync();
        await engine.ScheduleAsAsync("one", "Wait");
        await engine.UntilStatusAsync("one", "waiting");

        var again = () => engine.ScheduleAsync("Echo", "second", One);

        await again.Should().ThrowAsync<OrchestrationAlreadyExistsException>();
    }

    [Fact]
    public async Task Without_any_deduplication_status_an_unfinished_instance_is_replaced()
    {
        await using var engine = await StartAsync();
        await engine.ScheduleAsAsync("one", "Wait");
        await engine.UntilStatusAsync("one", "waiting");

        await engine.ScheduleAsync("Echo", "second", One with { DedupeStatuses = [] });

        (await engine.ResultOfAsync<string>("one")).Should().Be("second");
    }

    [Fact]
    public async Task Suspended_instance_is_replaced_where_only_the_running_are_protected()
    {
        await using var engine = await StartAsync();
        await engine.ScheduleAsAsync("one", "Wait");
        await engine.UntilStatusAsync("one", "waiting");
        await engine.Client.SuspendInstanceAsync("one", TestContext.Current.CancellationToken);
        await engine.UntilAsync("one", found => found.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);

        await engine.ScheduleAsync("Echo", "second", One.WithDedupeStatuses(OrchestrationRuntimeStatus.Running));

        (await engine.ResultOfAsync<string>("one")).Should().Be("second");
    }

    [Fact]
    public async Task Caller_of_a_replaced_sub_orchestration_sees_it_fail()
    {
        await using var engine = await StartAsync();
        var caller = await engine.ScheduleAsync("Caller");
        await engine.UntilStatusAsync("one", "waiting");

        await engine.ScheduleAsync("Echo", "second", One with { DedupeStatuses = [] });

        (await engine.ResultOfAsync<string>(caller)).Should().Be("failed");
        (await engine.ResultOfAsync<string>("one")).Should().Be("second");
    }

    [Fact]
    public async Task Result_of_the_replaced_instance_does_not_reach_the_new_one()
    {
        using var gate = new SemaphoreSlim(0);
        var started = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string, string>("Main", (context, input) => context.CallActivityAsync<string>("Work", input))
            .AddActivityFunc<string, string>("Work", async (_, input) =>
            {
                if (input == "first")
                {
                    started.TrySetResult(true);
                    await gate.WaitAsync();
                }

                return input;
            }));
        await engine.ScheduleAsAsync("one", "Main", "first");
        await engine.WithinLimitAsync(started.Task);

        await engine.ScheduleAsync("Main", "second", One with { DedupeStatuses = [] });
        gate.Release();

        (await engine.ResultOfAsync<string>("one")).Should().Be("second");
    }

    [Fact]
    public async Task Statuses_that_contradict_each_other_are_refused()
    {
        // To reuse a running instance it is terminated first, and a terminated one is not to be reused.
        await using var engine = await StartAsync();

        var start = () => engine.ScheduleAsync("Echo", "x", One.WithDedupeStatuses(OrchestrationRuntimeStatus.Terminated));

        (await start.Should().ThrowAsync<ArgumentException>()).Which.Message.Should().Contain("Terminated");
    }

    private static Task<ConformanceEngine> StartAsync() => ConformanceEngine.StartAsync(tasks => tasks
        .AddOrchestratorFunc<string, string>("Echo", (_, input) => input)
        .AddOrchestratorFunc<string>("Wait", context =>
        {
            context.SetCustomStatus("waiting");
            return context.WaitForExternalEvent<string>("never");
        })
        .AddOrchestratorFunc<string>("Caller", async context =>
        {
            try
            {
                return await context.CallSubOrchestratorAsync<string>("Wait", options: new SubOrchestrationOptions(instanceId: "one"));
            }
            catch (TaskFailedException)
            {
                return "failed";
            }
        }));
}
