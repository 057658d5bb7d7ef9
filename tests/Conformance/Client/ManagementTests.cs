using DurableTask.Core.History;

namespace OmsWorkflows.Conformance.Client;

/// <summary>What a client can do to instances besides starting and asking.</summary>
public sealed class ManagementTests
{
    [Fact]
    public async Task Recursive_termination_ends_children_and_grandchildren()
    {
        await using var engine = await StartAsync();
        await engine.ScheduleAsAsync("top", "Grandparent");
        await engine.UntilStatusAsync("child", "waiting");

        await engine.Client.TerminateInstanceAsync("top", new TerminateInstanceOptions("stopped", Recursive: true));

        foreach (var id in (string[])["top", "middle", "child"])
            (await engine.EndOfAsync(id)).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Terminated);
    }

    [Fact]
    public async Task Plain_termination_leaves_the_children_alone()
    {
        await using var engine = await StartAsync();
        var id = await engine.ScheduleAsync("Parent");
        await engine.UntilStatusAsync("child", "waiting");

        await engine.Client.TerminateInstanceAsync(id, "stopped");
        await engine.EndOfAsync(id);
        await engine.RaiseAsync("child", "go", "alive");

        (await engine.ResultOfAsync<string>("child")).Should().Be("alive");
    }

    [Fact]
    public async Task Start_time_delays_the_first_turn()
    {
        await using var engine = await StartAsync();
        var start = DateTimeOffset.UtcNow.AddHours(2);

        var id = await engine.ScheduleAsync("Now", null, new StartOrchestrationOptions(StartAt: start));

        (await engine.ResultOfAsync<DateTime>(id)).Should().BeOnOrAfter(start.UtcDateTime);
    }

    [Fact]
    public async Task History_can_be_read_back()
    {
        await using var engine = await StartAsync();
        var id = await engine.ScheduleAsync("Work");
        await engine.EndOfAsync(id);

        var history = await engine.Client.GetOrchestrationHistoryAsync(id, TestContext.Current.CancellationToken);

        history.Select(step => step.EventType).Should().ContainInOrder(
            EventType.ExecutionStarted, EventType.TaskScheduled, EventType.TaskCompleted, EventType.ExecutionCompleted);
    }

    [Fact]
    public async Task Week_passes_in_no_time()
    {
        await using var engine = await StartAsync();
        var clock = System.Diagnostics.Stopwatch.StartNew();

        (await engine.ResultAsync<TimeSpan>("Week")).Should().BeGreaterThanOrEqualTo(TimeSpan.FromDays(7));

        clock.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task Rewound_instance_goes_on_from_what_failed()
    {
        var (works, steps) = (false, new List<string>());
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
                await context.CallActivityAsync<string>("Step", "first") + await context.CallActivityAsync<string>("Step", "second"))
            .AddActivityFunc<string, string>("Step", (_, name) =>
            {
                steps.Add(name);
                return works || name == "first" ? name : throw new InvalidOperationException("down");
            }));
        var id = await engine.ScheduleAsync("Main");
        (await engine.EndOfAsync(id)).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed);

        works = true;
        await engine.Client.RewindInstanceAsync(id, "the service is back", TestContext.Current.CancellationToken);
        await engine.UntilAsync(id, found => found.RuntimeStatus == OrchestrationRuntimeStatus.Completed);

        (await engine.GetAsync(id)).ReadOutputAs<string>().Should().Be("firstsecond");
        steps.Should().Equal("first", "second", "second");
    }

    private static Task<ConformanceEngine> StartAsync() => ConformanceEngine.StartAsync(tasks => tasks
        .AddOrchestratorFunc<string>("Grandparent", context =>
            context.CallSubOrchestratorAsync<string>("Parent", options: new SubOrchestrationOptions(instanceId: "middle")))
        .AddOrchestratorFunc<string>("Parent", context =>
            context.CallSubOrchestratorAsync<string>("Child", options: new SubOrchestrationOptions(instanceId: "child")))
        .AddOrchestratorFunc<string>("Child", context =>
        {
            context.SetCustomStatus("waiting");
            return context.WaitForExternalEvent<string>("go");
        })
        .AddOrchestratorFunc<DateTime>("Now", context => context.CurrentUtcDateTime)
        .AddOrchestratorFunc<string>("Work", context => context.CallActivityAsync<string>("Any"))
        .AddOrchestratorFunc<TimeSpan>("Week", async context =>
        {
            var start = context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromDays(7), CancellationToken.None);
            return context.CurrentUtcDateTime - start;
        })
        .AddActivityFunc<string>("Any", _ => "any"));
}
