namespace OmsWorkflows.Conformance.Events;

public sealed class EventTimeoutTests
{
    [Fact, ThroughHost]
    public async Task Wait_that_times_out_is_cancelled()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                try
                {
                    return await context.WaitForExternalEvent<string>("go", TimeSpan.FromMilliseconds(200));
                }
                catch (TaskCanceledException)
                {
                    return "timed out";
                }
            }));

        (await engine.ResultAsync<string>("Main")).Should().Be("timed out");
    }

    [Fact, ThroughHost]
    public async Task Event_in_time_beats_the_timeout()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<TimeSpan>("Main", async context =>
            {
                var start = context.CurrentUtcDateTime;
                await context.WaitForExternalEvent<string>("go", TimeSpan.FromHours(1));
                return context.CurrentUtcDateTime - start;
            }));
        var id = await engine.ScheduleAsync("Main");
        await engine.RaiseAsync(id, "go", "now");

        (await engine.ResultOfAsync<TimeSpan>(id)).Should().BeLessThan(TimeSpan.FromMinutes(30));
    }

    [Fact, ThroughHost]
    public async Task Cancelled_wait_throws_in_its_awaiter()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                using var cancel = new CancellationTokenSource();
                var wait = context.WaitForExternalEvent<string>("go", cancel.Token);
                await context.CallActivityAsync<string>("Work");
                cancel.Cancel();
                try
                {
                    return await wait;
                }
                catch (OperationCanceledException)
                {
                    return "cancelled";
                }
            })
            .AddActivityFunc<string>("Work", _ => "done"));

        (await engine.ResultAsync<string>("Main")).Should().Be("cancelled");
    }

    [Fact, ThroughHost]
    public async Task Event_after_a_timed_out_wait_goes_to_the_next_wait()
    {
        // Up to 1.26 the published SDK gave the event to the wait that was given up, that is to nobody. A wait that is merely abandoned,
        // neither timed out nor cancelled, still takes the next event of its name: so a journey keeps one wait
        // (docs/decisions/0004-one-mailbox.md).
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                try
                {
                    return await context.WaitForExternalEvent<string>("late", TimeSpan.FromMilliseconds(100));
                }
                catch (TaskCanceledException)
                {
                    context.SetCustomStatus("timed out");
                    await context.WaitForExternalEvent<string>("both raised");
                    return await context.WaitForExternalEvent<string>("late");
                }
            }));
        var id = await engine.ScheduleAsync("Main");
        var end = engine.EndOfAsync(id);
        await engine.UntilStatusAsync(id, "timed out");

        await engine.RaiseAsync(id, "late", "one");
        await engine.RaiseAsync(id, "late", "two");
        await engine.RaiseAsync(id, "both raised", "go");

        (await end).ReadOutputAs<string>().Should().Be("one");
    }

    [Fact, ThroughHost]
    public async Task Wait_renewed_after_a_timeout_gets_the_next_event()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                try
                {
                    return await context.WaitForExternalEvent<string>("go", TimeSpan.FromMilliseconds(100));
                }
                catch (TaskCanceledException)
                {
                    var renewed = context.WaitForExternalEvent<string>("go");
                    context.SetCustomStatus("renewed");
                    return await renewed;
                }
            }));
        var id = await engine.ScheduleAsync("Main");
        var end = engine.EndOfAsync(id);
        await engine.UntilStatusAsync(id, "renewed");

        await engine.RaiseAsync(id, "go", "after");

        (await end).ReadOutputAs<string>().Should().Be("after");
    }
}
