namespace OmsWorkflows.Conformance.Events;

public sealed class ExternalEventTests
{
    [Fact, ThroughHost]
    public async Task Event_completes_the_wait()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context =>
            {
                context.SetCustomStatus("waiting");
                return context.WaitForExternalEvent<string>("go");
            }));
        var id = await engine.ScheduleAsync("Main");
        await engine.UntilStatusAsync(id, "waiting");

        await engine.RaiseAsync(id, "go", "now");

        (await engine.ResultOfAsync<string>(id)).Should().Be("now");
    }

    [Fact, ThroughHost]
    public async Task Event_before_the_wait_is_kept()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                await context.WaitForExternalEvent<string>("first");
                return await context.WaitForExternalEvent<string>("second");
            }));
        var id = await engine.ScheduleAsync("Main");

        await engine.RaiseAsync(id, "second", "2");
        await engine.RaiseAsync(id, "first", "1");

        (await engine.ResultOfAsync<string>(id)).Should().Be("2");
    }

    [Fact, ThroughHost]
    public async Task Event_raised_right_after_the_start_is_kept()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                await context.CreateTimer(TimeSpan.FromMilliseconds(100), CancellationToken.None);
                return await context.WaitForExternalEvent<string>("go");
            }));
        var id = await engine.ScheduleAsync("Main");
        await engine.RaiseAsync(id, "go", "early");

        (await engine.ResultOfAsync<string>(id)).Should().Be("early");
    }

    [Fact, ThroughHost]
    public async Task Kept_events_of_one_name_come_in_order()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<List<int>>("Main", async context =>
            {
                await context.WaitForExternalEvent<string>("go");
                var read = new List<int>();
                while (read.Count < 5)
                    read.Add(await context.WaitForExternalEvent<int>("number"));
                return read;
            }));
        var id = await engine.ScheduleAsync("Main");
        for (var n = 1; n <= 5; n++)
            await engine.RaiseAsync(id, "number", n);
        await engine.RaiseAsync(id, "go", "now");

        (await engine.ResultOfAsync<List<int>>(id)).Should().Equal(1, 2, 3, 4, 5);
    }

    [Fact, ThroughHost]
    public async Task Name_is_matched_without_regard_to_case()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
                await context.WaitForExternalEvent<string>("Approval") + await context.WaitForExternalEvent<string>("APPROVAL")));
        var id = await engine.ScheduleAsync("Main");

        await engine.RaiseAsync(id, "approval", "a");
        await engine.RaiseAsync(id, "aPPROVAL", "b");

        (await engine.ResultOfAsync<string>(id)).Should().Be("ab");
    }

    [Fact, ThroughHost]
    public async Task Waits_of_different_names_are_independent()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                var left = context.WaitForExternalEvent<string>("left");
                var right = context.WaitForExternalEvent<string>("right");
                await Task.WhenAll(left, right);
                return await left + await right;
            }));
        var id = await engine.ScheduleAsync("Main");

        await engine.RaiseAsync(id, "right", "R");
        await engine.RaiseAsync(id, "left", "L");

        (await engine.ResultOfAsync<string>(id)).Should().Be("LR");
    }

    [Fact, ThroughHost]
    public async Task Payload_may_be_a_record()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<decimal>("Main", async context => (await context.WaitForExternalEvent<Deposit>("deposit")).Amount));
        var id = await engine.ScheduleAsync("Main");

        await engine.RaiseAsync(id, "deposit", new Deposit("d-1", 20.50m));

        (await engine.ResultOfAsync<decimal>(id)).Should().Be(20.50m);
    }

    [Fact, ThroughHost]
    public async Task Payload_may_be_left_out()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<bool>("Main", async context => await context.WaitForExternalEvent<string?>("go") is null));
        var id = await engine.ScheduleAsync("Main");

        await engine.RaiseAsync(id, "go");

        (await engine.ResultOfAsync<bool>(id)).Should().BeTrue();
    }

    [Fact, ThroughHost]
    public async Task Of_two_waits_of_one_name_the_later_gets_the_event()
    {
        // The published SDK keeps waits on a stack, so that a wait given up earlier does not take the event of a newer one.
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                var first = context.WaitForExternalEvent<string>("go");
                var second = context.WaitForExternalEvent<string>("go");
                context.SetCustomStatus("waiting");
                return await Task.WhenAny(first, second) == second ? $"second {await second}" : $"first {await first}";
            }));
        var id = await engine.ScheduleAsync("Main");
        await engine.UntilStatusAsync(id, "waiting");

        await engine.RaiseAsync(id, "go", "x");

        (await engine.ResultOfAsync<string>(id)).Should().Be("second x");
    }

    [Fact, ThroughHost]
    public async Task Waits_of_one_name_must_agree_on_the_type()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context =>
            {
                _ = context.WaitForExternalEvent<string>("go");
                try
                {
                    _ = context.WaitForExternalEvent<int>("go");
                    return "agreed";
                }
                catch (ArgumentException)
                {
                    return "refused";
                }
            }));

        (await engine.ResultAsync<string>("Main")).Should().Be("refused");
    }

    [Fact]
    public async Task Event_to_an_unknown_instance_is_dropped()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", _ => "ran"));

        await engine.RaiseAsync("nobody", "go", "x");

        (await engine.Client.GetInstanceAsync("nobody", TestContext.Current.CancellationToken)).Should().BeNull();
        (await engine.ResultAsync<string>("Main")).Should().Be("ran");
    }

    [Fact]
    public async Task Event_to_an_ended_instance_changes_nothing()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", _ => "ended"));
        var id = await engine.ScheduleAsync("Main");
        await engine.EndOfAsync(id);

        await engine.RaiseAsync(id, "go", "x");
        await engine.RunAsync("Main");

        var after = await engine.GetAsync(id);
        after.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Completed);
        after.ReadOutputAs<string>().Should().Be("ended");
    }

    [Fact, ThroughHost]
    public async Task Orchestration_sends_an_event_to_another()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Receiver", context => context.WaitForExternalEvent<string>("hello"))
            .AddOrchestratorFunc<string, string>("Sender", (context, to) =>
            {
                context.SendEvent(to, "hello", $"from {context.InstanceId}");
                return "sent";
            }));
        var receiver = await engine.ScheduleAsync("Receiver");
        await engine.ScheduleAsAsync("the-sender", "Sender", receiver);

        (await engine.ResultOfAsync<string>(receiver)).Should().Be("from the-sender");
    }

    [Fact, ThroughHost]
    public async Task Orchestration_may_send_an_event_to_itself()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context =>
            {
                context.SendEvent(context.InstanceId, "note", "to myself");
                return context.WaitForExternalEvent<string>("note");
            }));

        (await engine.ResultAsync<string>("Main")).Should().Be("to myself");
    }

    [Fact, ThroughHost]
    public async Task Event_nobody_waits_for_does_not_hold_up_the_end()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                await context.WaitForExternalEvent<string>("go");
                return "ended";
            }));
        var id = await engine.ScheduleAsync("Main");
        await engine.RaiseAsync(id, "unheard", 1);
        await engine.RaiseAsync(id, "go", "now");

        (await engine.ResultOfAsync<string>(id)).Should().Be("ended");
    }

    public sealed record Deposit(string Id, decimal Amount);
}
