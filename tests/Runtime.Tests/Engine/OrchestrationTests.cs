using Microsoft.DurableTask;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

public sealed class OrchestrationTests
{
    [Fact]
    public async Task Activities_run_in_sequence_and_give_their_results()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("sum", async (context, n) =>
            {
                var sum = 0;
                for (var i = 1; i <= n; i++)
                {
                    sum += await context.CallActivityAsync<int>("square", i);
                }

                return sum;
            })
            .AddActivityFunc<int, int>("square", (_, n) => n * n));

        (await engine.Run("sum", 5)).ReadOutputAs<int>().Should().Be(55);
    }

    [Fact]
    public async Task A_fan_out_of_a_thousand_activities_comes_back()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("fan", async (context, n) =>
                (await Task.WhenAll(Enumerable.Range(1, n).Select(i => context.CallActivityAsync<int>("same", i)))).Sum())
            .AddActivityFunc<int, int>("same", (_, n) => n));

        (await engine.Run("fan", 1_000)).ReadOutputAs<int>().Should().Be(500_500);
    }

    [Fact]
    public async Task Arrays_and_missing_inputs_reach_an_activity_as_they_are()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("inputs", async context =>
                await context.CallActivityAsync<int>("count", new[] { "a", "b" }) + await context.CallActivityAsync<string>("none"))
            .AddActivityFunc<string[], int>("count", (_, texts) => texts.Length)
            .AddActivityFunc<string?, string>("none", (_, text) => text ?? "nothing"));

        (await engine.Run("inputs")).ReadOutputAs<string>().Should().Be("2nothing");
    }

    [Fact]
    public async Task Events_before_the_wait_are_kept_in_order()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("events", async context =>
            {
                await context.WaitForExternalEvent<object?>("go");
                return string.Concat(
                    await context.WaitForExternalEvent<string>("A"), await context.WaitForExternalEvent<string>("a"));
            }));
        var id = await engine.Start("events");

        await engine.Client.RaiseEventAsync(id, "a", "1");
        await engine.Client.RaiseEventAsync(id, "a", "2");
        await engine.Client.RaiseEventAsync(id, "go");

        (await engine.End(id)).ReadOutputAs<string>().Should().Be("12");
    }

    [Fact]
    public async Task Ten_thousand_events_reach_one_instance_in_order()
    {
        const int count = 10_000;
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<bool>("many", async context =>
            {
                for (var i = 0; i < count; i++)
                {
                    if (await context.WaitForExternalEvent<int>("n") != i)
                    {
                        return false;
                    }
                }

                return true;
            }));
        var id = await engine.Start("many");

        var raised = new List<Task>(count);
        for (var i = 0; i < count; i++)
        {
            raised.Add(engine.Client.RaiseEventAsync(id, "n", i));
        }

        await Task.WhenAll(raised);

        (await engine.End(id)).ReadOutputAs<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task An_event_to_an_unknown_instance_is_dropped()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => { });

        await engine.Client.RaiseEventAsync("nobody", "go");

        (await engine.Client.GetInstanceAsync("nobody")).Should().BeNull();
    }

    [Fact]
    public async Task An_event_after_a_timed_out_wait_is_swallowed_as_in_the_published_SDK()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("late", async context =>
            {
                try
                {
                    await context.WaitForExternalEvent<string>("e", TimeSpan.FromSeconds(1));
                }
                catch (OperationCanceledException)
                {
                    context.SetCustomStatus("late");
                }

                await context.WaitForExternalEvent<object?>("go");
                var next = context.WaitForExternalEvent<string>("other");
                return await next;
            }));
        var id = await engine.Start("late");
        await Task.WhenAny(engine.End(id), engine.Status(id, "late"));

        await engine.Client.RaiseEventAsync(id, "e", "lost");
        await engine.Client.RaiseEventAsync(id, "other", "kept");
        await engine.Client.RaiseEventAsync(id, "go");

        (await engine.End(id)).ReadOutputAs<string>().Should().Be("kept");
    }

    [Fact]
    public async Task Fifty_nested_sub_orchestrations_return()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("nest", async (context, depth) =>
                depth == 0 ? 0 : 1 + await context.CallSubOrchestratorAsync<int>("nest", depth - 1)));

        (await engine.Run("nest", 50)).ReadOutputAs<int>().Should().Be(50);
    }

    [Fact]
    public async Task A_sub_orchestration_knows_its_parent_and_its_id()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("parent", context => context.CallSubOrchestratorAsync<string>(
                "child", options: new SubOrchestrationOptions(instanceId: "the-child")))
            .AddOrchestratorFunc<object?, string>("child", (context, _) => $"{context.Parent!.Name} {context.Parent.InstanceId} {context.InstanceId}"));

        var id = await engine.Start("parent", null, new StartOrchestrationOptions("the-parent"));

        (await engine.End(id)).ReadOutputAs<string>().Should().Be("parent the-parent the-child");
    }

    [Fact]
    public async Task Continue_as_new_a_thousand_times_keeps_events_and_an_empty_history()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("loop", async (context, n) =>
            {
                if (n == 1_000)
                {
                    return await context.WaitForExternalEvent<int>("kept");
                }

                context.ContinueAsNew(n + 1);
                return 0;
            }));
        var id = await engine.Start("loop", 0);
        await engine.Client.RaiseEventAsync(id, "kept", 7);

        (await engine.End(id)).ReadOutputAs<int>().Should().Be(7);
        (await engine.Client.GetOrchestrationHistoryAsync(id)).Count.Should().BeLessThan(10);
    }

    [Fact]
    public async Task Continue_as_new_hands_over_events_nobody_waited_for()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, string>("two", async (context, run) =>
            {
                if (run == 0)
                {
                    await context.WaitForExternalEvent<object?>("go");
                    context.ContinueAsNew(1);
                    return string.Empty;
                }

                return await context.WaitForExternalEvent<string>("x") + await context.WaitForExternalEvent<string>("x");
            }));
        var id = await engine.Start("two", 0);

        await engine.Client.RaiseEventAsync(id, "x", "1");
        await engine.Client.RaiseEventAsync(id, "x", "2");
        await engine.Client.RaiseEventAsync(id, "go");

        (await engine.End(id)).ReadOutputAs<string>().Should().Be("12");
    }

    [Fact]
    public async Task An_event_sent_to_another_instance_arrives()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("receiver", context => context.WaitForExternalEvent<string>("hello"))
            .AddOrchestratorFunc<string, object?>("sender", (context, to) =>
            {
                context.SendEvent(to, "hello", "world");
                return (object?)null;
            }));
        var receiver = await engine.Start("receiver");

        await engine.Run("sender", receiver);

        (await engine.End(receiver)).ReadOutputAs<string>().Should().Be("world");
    }

    [Fact]
    public async Task New_guids_are_the_same_on_replay_and_differ_from_each_other()
    {
        var seen = new List<string>();
        await using var engine = await EngineFixture.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc<Guid[]>("ids", async context =>
                {
                    var first = context.NewGuid();
                    seen.Add($"{first}");
                    await context.CallActivityAsync("noop");
                    return [first, context.NewGuid()];
                })
                .AddActivityFunc("noop", _ => { }),
            options => options.MaxCachedExecutions = 0);

        var ids = (await engine.Run("ids")).ReadOutputAs<Guid[]>()!;

        ids.Should().OnlyHaveUniqueItems();
        seen.Should().HaveCountGreaterThan(1).And.AllBe($"{ids[0]}");
    }

    [Fact]
    public async Task Replay_is_quiet_and_gives_the_same_result_without_the_cache()
    {
        var live = 0;
        await using var engine = await EngineFixture.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc<int>("quiet", async context =>
                {
                    var sum = 0;
                    for (var i = 0; i < 5; i++)
                    {
                        if (!context.IsReplaying)
                        {
                            live++;
                        }

                        sum += await context.CallActivityAsync<int>("one");
                    }

                    return sum;
                })
                .AddActivityFunc<object?, int>("one", (_, _) => 1),
            options => options.MaxCachedExecutions = 0);

        (await engine.Run("quiet")).ReadOutputAs<int>().Should().Be(5);
        live.Should().Be(5);
    }

    [Fact]
    public async Task A_stopped_engine_goes_on_where_it_was()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("long", async context =>
            {
                var first = await context.CallActivityAsync<string>("echo", "a");
                context.SetCustomStatus("waiting");
                var second = await context.WaitForExternalEvent<string>("b");
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return first + second + await context.CallActivityAsync<string>("echo", "c");
            })
            .AddActivityFunc<string, string>("echo", (_, text) => text));
        var id = await engine.Start("long");
        await engine.Status(id, "waiting");

        await engine.StopAsync();
        await engine.StartAsync();
        await engine.Client.RaiseEventAsync(id, "b", "b");
        await engine.StopAsync();
        await engine.StartAsync();

        (await engine.End(id)).ReadOutputAs<string>().Should().Be("abc");
    }
}
