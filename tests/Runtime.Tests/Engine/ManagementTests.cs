using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

public sealed class ManagementTests
{
    private static void Waiter(DurableTaskRegistry tasks) => tasks
        .AddOrchestratorFunc<string?, string>("wait", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEvent<string>("go");
        });

    [Fact]
    public async Task A_terminated_instance_ends_with_the_given_output_and_takes_no_event()
    {
        await using var engine = await EngineFixture.StartAsync(Waiter);
        var id = await engine.Start("wait");
        await engine.Status(id, "waiting");

        await engine.Client.TerminateInstanceAsync(id, (object)"stopped");
        var end = await engine.End(id);
        await engine.Client.RaiseEventAsync(id, "go", "late");

        end.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Terminated);
        end.ReadOutputAs<string>().Should().Be("stopped");
        (await engine.Client.GetInstanceAsync(id))!.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Terminated);
    }

    [Fact]
    public async Task Terminate_during_an_activity_ends_at_once_and_ignores_its_result()
    {
        using var running = new ManualResetEventSlim();
        var release = new TaskCompletionSource();
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc("long", context => context.CallActivityAsync("block"))
            .AddActivityFunc("block", async _ =>
            {
                running.Set();
                await release.Task;
            }));
        var id = await engine.Start("long");
        running.Wait(TimeSpan.FromSeconds(20)).Should().BeTrue();

        await engine.Client.TerminateInstanceAsync(id);
        var end = await engine.End(id);
        release.SetResult();

        end.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Terminated);
    }

    [Theory]
    [InlineData(true, OrchestrationRuntimeStatus.Terminated)]
    [InlineData(false, OrchestrationRuntimeStatus.Running)]
    public async Task Recursive_terminate_ends_sub_orchestrations(bool recursive, OrchestrationRuntimeStatus child)
    {
        await using var engine = await EngineFixture.StartAsync(tasks =>
        {
            Waiter(tasks);
            tasks.AddOrchestratorFunc("parent", context =>
                context.CallSubOrchestratorAsync("wait", new SubOrchestrationOptions(instanceId: "child")));
        });
        var id = await engine.Start("parent");
        await engine.Status("child", "waiting");

        await engine.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions(Recursive: recursive));
        await engine.End(id);

        await engine.Status("child", child);
    }

    [Fact]
    public async Task A_suspended_instance_keeps_what_arrives_over_a_restart_and_handles_it_when_resumed()
    {
        await using var engine = await EngineFixture.StartAsync(Waiter);
        var id = await engine.Start("wait");
        await engine.Status(id, "waiting");
        await engine.Client.SuspendInstanceAsync(id, "hold");
        await engine.Status(id, OrchestrationRuntimeStatus.Suspended);

        await engine.Client.RaiseEventAsync(id, "go", "kept");
        await engine.StopAsync();
        await engine.StartAsync();
        var suspended = await engine.Client.GetInstanceAsync(id);
        await engine.Client.ResumeInstanceAsync(id);

        suspended!.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Suspended);
        (await engine.End(id)).ReadOutputAs<string>().Should().Be("kept");
    }

    [Fact]
    public async Task A_second_start_of_a_running_id_is_refused_and_leaves_the_first_alone()
    {
        await using var engine = await EngineFixture.StartAsync(Waiter);
        await engine.Start("wait", "first", new StartOrchestrationOptions("one"));

        var again = () => engine.Start("wait", "second", new StartOrchestrationOptions("one"));

        await again.Should().ThrowAsync<OrchestrationAlreadyExistsException>();
        (await engine.Client.GetInstanceAsync("one", true))!.ReadInputAs<string>().Should().Be("first");
    }

    [Fact]
    public async Task De_duplication_statuses_decide_whether_an_ended_instance_is_replaced()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks.AddOrchestratorFunc<int, int>("same", (_, n) => n));
        var options = new StartOrchestrationOptions("one");
        await engine.Start("same", 1, options);
        await engine.End("one");

        var refused = () => engine.Start("same", 2, options.WithDedupeStatuses(OrchestrationRuntimeStatus.Completed));
        await refused.Should().ThrowAsync<OrchestrationAlreadyExistsException>();
        await engine.Start("same", 3, options.WithDedupeStatuses(OrchestrationRuntimeStatus.Failed));

        (await engine.End("one")).ReadOutputAs<int>().Should().Be(3);
        var nonsense = () => engine.Start("same", 4, options with { DedupeStatuses = ["Nonsense"] });
        await nonsense.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task A_start_in_the_future_stays_pending_until_then()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<object?, DateTime>("now", (context, _) => context.CurrentUtcDateTime));
        var at = DateTimeOffset.UtcNow.AddHours(3);
        var id = await engine.Start("now", null, new StartOrchestrationOptions(StartAt: at));
        var before = await engine.Client.GetInstanceAsync(id);
        await engine.StopAsync();
        await engine.StartAsync();

        before!.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Pending);
        (await engine.End(id)).ReadOutputAs<DateTime>().Should().BeOnOrAfter(at.UtcDateTime);
    }

    [Fact]
    public async Task Queries_page_by_status_time_and_prefix()
    {
        await using var engine = await EngineFixture.StartAsync(tasks =>
        {
            Waiter(tasks);
            tasks.AddOrchestratorFunc<int, int>("same", (_, n) => n);
        });
        for (var i = 0; i < 25; i++)
        {
            await engine.Start("same", i, new StartOrchestrationOptions($"run-{i}"));
            await engine.End($"run-{i}");
        }

        await engine.Start("wait", null, new StartOrchestrationOptions("other"));
        await engine.Status("other", "waiting");

        var query = new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Completed], InstanceIdPrefix: "run-", PageSize: 10);
        var pages = new List<int>();
        await foreach (var page in engine.Client.GetAllInstancesAsync(query).AsPages())
        {
            pages.Add(page.Values.Count);
        }

        pages.Should().Equal(10, 10, 5);
        var future = engine.Client.GetAllInstancesAsync(new OrchestrationQuery(CreatedFrom: DateTimeOffset.UtcNow.AddDays(1)));
        (await Count(future)).Should().Be(0);
        (await Count(engine.Client.GetAllInstancesAsync())).Should().Be(26);
    }

    [Fact]
    public async Task Purge_removes_ended_instances_only_and_their_children_when_asked()
    {
        await using var engine = await EngineFixture.StartAsync(tasks =>
        {
            Waiter(tasks);
            tasks.AddOrchestratorFunc<int, int>("same", (_, n) => n);
            tasks.AddOrchestratorFunc("parent", context =>
                context.CallSubOrchestratorAsync<int>("same", 1, new SubOrchestrationOptions(instanceId: "child")));
        });
        var running = await engine.Start("wait");
        await engine.Status(running, "waiting");
        var parent = (await engine.Run("parent")).InstanceId;

        (await engine.Client.PurgeInstanceAsync(running)).PurgedInstanceCount.Should().Be(0);
        (await engine.Client.PurgeInstanceAsync(parent, new PurgeInstanceOptions(Recursive: true))).PurgedInstanceCount.Should().Be(2);
        (await engine.Client.GetInstanceAsync("child")).Should().BeNull();

        await engine.Run("same", 1);
        var all = await engine.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter());
        (all.PurgedInstanceCount, all.IsComplete).Should().Be((1, true));
        (await engine.Client.GetInstanceAsync(running))!.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Running);
    }

    [Fact]
    public async Task An_ended_instance_can_be_restarted_and_a_running_one_cannot()
    {
        var runs = 0;
        await using var engine = await EngineFixture.StartAsync(tasks =>
        {
            Waiter(tasks);
            tasks.AddOrchestratorFunc<int, int>("count", (_, n) => n + runs++);
        });
        var first = await engine.Run("count", 10);

        (await engine.Client.RestartAsync(first.InstanceId)).Should().Be(first.InstanceId);
        (await engine.End(first.InstanceId)).ReadOutputAs<int>().Should().Be(11);
        var copy = await engine.Client.RestartAsync(first.InstanceId, restartWithNewInstanceId: true);
        copy.Should().NotBe(first.InstanceId);
        (await engine.End(copy)).ReadOutputAs<int>().Should().Be(12);

        var running = await engine.Start("wait");
        var restart = () => engine.Client.RestartAsync(running);
        await restart.Should().ThrowAsync<InvalidOperationException>();
        var unknown = () => engine.Client.RestartAsync("nobody");
        await unknown.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task The_history_of_an_instance_can_be_read_back()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("one", (context, n) => context.CallActivityAsync<int>("next", n))
            .AddActivityFunc<int, int>("next", (_, n) => n + 1));
        var end = await engine.Run("one", 1);

        var history = await engine.Client.GetOrchestrationHistoryAsync(end.InstanceId);

        history.Select(e => e.EventType).Should().Equal(
            EventType.OrchestratorStarted,
            EventType.ExecutionStarted,
            EventType.TaskScheduled,
            EventType.OrchestratorCompleted,
            EventType.OrchestratorStarted,
            EventType.TaskCompleted,
            EventType.ExecutionCompleted,
            EventType.OrchestratorCompleted);
        history.OfType<ExecutionStartedEvent>().Single().Input.Should().Be("1");
        history.OfType<TaskCompletedEvent>().Single().Result.Should().Be("2");
    }

    [Fact]
    public async Task Tags_and_version_stay_with_the_instance()
    {
        await using var engine = await EngineFixture.StartAsync(
            tasks => tasks.AddOrchestratorFunc<object?, string>("version", (context, _) => $"{context.Version} {context.CompareVersionTo("1.9")}"),
            options => options.DefaultVersion = "1.10");
        var id = await engine.Start("version", null, new StartOrchestrationOptions { Tags = new Dictionary<string, string> { ["who"] = "me" } });

        var end = await engine.End(id);

        end.ReadOutputAs<string>().Should().Be("1.10 1");
        end.Tags.Should().ContainKey("who").WhoseValue.Should().Be("me");
    }

    private static async Task<int> Count(AsyncPageable<OrchestrationMetadata> instances)
    {
        var count = 0;
        await foreach (var _ in instances)
        {
            count++;
        }

        return count;
    }
}
