namespace OmsWorkflows.Conformance.ContinueAsNew;

public sealed class ContinueAsNewTests
{
    [Fact, ThroughHost]
    public async Task Next_run_gets_the_new_input()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Main", async (context, round) =>
            {
                await context.CallActivityAsync<string>("Work");
                if (round < 5)
                    context.ContinueAsNew(round + 1);
                return round;
            })
            .AddActivityFunc<string>("Work", _ => "done"));

        (await engine.ResultAsync<int>("Main", 1)).Should().Be(5);
    }

    [Fact, ThroughHost]
    public async Task Runs_share_the_instance_id()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<List<string>, List<string>>("Main", (context, ids) =>
            {
                List<string> all = [.. ids, context.InstanceId];
                if (all.Count < 3)
                    context.ContinueAsNew(all);
                return Task.FromResult(all);
            }));

        var id = await engine.ScheduleAsAsync("same", "Main", Array.Empty<string>());

        (await engine.ResultOfAsync<List<string>>(id)).Should().Equal("same", "same", "same");
    }

    [Fact, ThroughHost]
    public async Task Unread_events_are_carried_over()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<List<int>, List<int>>("Main", async (context, read) =>
            {
                if (read.Count == 0)
                    await context.WaitForExternalEvent<string>("go");
                List<int> all = [.. read, await context.WaitForExternalEvent<int>("number")];
                if (all.Count < 3)
                    context.ContinueAsNew(all);
                return all;
            }));
        var id = await engine.ScheduleAsync("Main", Array.Empty<int>());
        for (var n = 1; n <= 3; n++)
            await engine.RaiseAsync(id, "number", n);
        await engine.RaiseAsync(id, "go", "now");

        (await engine.ResultOfAsync<List<int>>(id)).Should().Equal(1, 2, 3);
    }

    [Fact, ThroughHost]
    public async Task Unread_events_are_dropped_when_asked()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<bool, string>("Main", async (context, again) =>
            {
                if (!again)
                {
                    await context.WaitForExternalEvent<string>("go");
                    context.ContinueAsNew(true, preserveUnprocessedEvents: false);
                    return "continued";
                }

                context.SetCustomStatus("second run");
                return await context.WaitForExternalEvent<string>("note");
            }));
        var id = await engine.ScheduleAsync("Main", false);
        await engine.RaiseAsync(id, "note", "old");
        await engine.RaiseAsync(id, "go", "now");
        await engine.UntilStatusAsync(id, "second run");
        await engine.RaiseAsync(id, "note", "new");

        (await engine.ResultOfAsync<string>(id)).Should().Be("new");
    }

    [Fact, ThroughHost]
    public async Task Event_between_two_runs_is_not_lost()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Main", async (context, sum) =>
            {
                sum += await context.WaitForExternalEvent<int>("add");
                if (sum < 20)
                    context.ContinueAsNew(sum);
                return sum;
            }));
        var id = await engine.ScheduleAsync("Main", 0);
        for (var n = 0; n < 20; n++)
            await engine.RaiseAsync(id, "add", 1);

        (await engine.ResultOfAsync<int>(id)).Should().Be(20);
    }

    [Fact]
    public async Task Result_meant_for_an_older_run_is_not_mixed_up()
    {
        using var gate = new SemaphoreSlim(0);
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<bool, string>("Main", (context, again) =>
            {
                if (again)
                    return context.CallActivityAsync<string>("New");

                _ = context.CallActivityAsync<string>("Old");
                context.ContinueAsNew(true);
                return Task.FromResult("continued");
            })
            .AddActivityFunc<string>("Old", async _ =>
            {
                gate.Release();
                await Task.Yield();
                return "old";
            })
            .AddActivityFunc<string>("New", async _ =>
            {
                await gate.WaitAsync();
                return "new";
            }));

        (await engine.ResultAsync<string>("Main", false)).Should().Be("new");
    }

    [Fact, ThroughHost]
    public async Task Timer_of_an_older_run_does_not_wake_the_new_one()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<bool, TimeSpan>("Main", async (context, again) =>
            {
                var start = context.CurrentUtcDateTime;
                if (!again)
                {
                    _ = context.CreateTimer(TimeSpan.FromMilliseconds(100), CancellationToken.None);
                    context.ContinueAsNew(true);
                    return TimeSpan.Zero;
                }

                await context.CreateTimer(TimeSpan.FromMilliseconds(600), CancellationToken.None);
                return context.CurrentUtcDateTime - start;
            }));

        (await engine.ResultAsync<TimeSpan>("Main", false)).Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(600));
    }

    [Fact]
    public async Task Next_run_may_have_another_version()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<bool, string>("Main", (context, again) =>
            {
                if (!again)
                    context.ContinueAsNew(new ContinueAsNewOptions { NewInput = true, NewVersion = "2.0" });
                return Task.FromResult(context.Version);
            }));

        var id = await engine.ScheduleAsync("Main", false, new StartOrchestrationOptions { Version = "1.0" });

        (await engine.ResultOfAsync<string>(id)).Should().Be("2.0");
    }
}
