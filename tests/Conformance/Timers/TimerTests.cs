namespace OmsWorkflows.Conformance.Timers;

public sealed class TimerTests
{
    [Fact, ThroughHost]
    public async Task Timer_fires_no_earlier_than_due()
    {
        // Azure Storage may fire a timer up to a second early; neither engine of this suite does.
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<TimeSpan>("Main", async context =>
            {
                var due = context.CurrentUtcDateTime.AddMilliseconds(400);
                await context.CreateTimer(due, CancellationToken.None);
                return context.CurrentUtcDateTime - due;
            }));

        (await engine.ResultAsync<TimeSpan>("Main")).Should().BeGreaterThanOrEqualTo(TimeSpan.Zero);
    }

    [Fact, ThroughHost]
    public async Task Timer_of_no_length_fires()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                await context.CreateTimer(TimeSpan.Zero, CancellationToken.None);
                return "fired";
            }));

        (await engine.ResultAsync<string>("Main")).Should().Be("fired");
    }

    [Fact, ThroughHost]
    public async Task Timer_in_the_past_fires_at_once()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<TimeSpan>("Main", async context =>
            {
                var start = context.CurrentUtcDateTime;
                await context.CreateTimer(start.AddHours(-1), CancellationToken.None);
                return context.CurrentUtcDateTime - start;
            }));

        (await engine.ResultAsync<TimeSpan>("Main")).Should().BeLessThan(TimeSpan.FromMinutes(30));
    }

    [Fact, ThroughHost]
    public async Task Timers_fire_in_the_order_they_are_due()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<List<int>>("Main", async context =>
            {
                var fired = new List<int>();
                async Task After(int milliseconds)
                {
                    await context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None);
                    fired.Add(milliseconds);
                }

                await Task.WhenAll(After(600), After(200), After(400));
                return fired;
            }));

        (await engine.ResultAsync<List<int>>("Main")).Should().Equal(200, 400, 600);
    }

    [Fact, ThroughHost]
    public async Task Cancelled_timer_throws_in_its_awaiter()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                using var cancel = new CancellationTokenSource();
                var timer = context.CreateTimer(TimeSpan.FromHours(1), cancel.Token);
                cancel.Cancel();
                try
                {
                    await timer;
                    return "fired";
                }
                catch (OperationCanceledException)
                {
                    return "cancelled";
                }
            }));

        (await engine.ResultAsync<string>("Main")).Should().Be("cancelled");
    }

    [Fact, ThroughHost]
    public async Task Timer_with_a_cancelled_token_is_cancelled()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                try
                {
                    await context.CreateTimer(TimeSpan.FromHours(1), new CancellationToken(canceled: true));
                    return "fired";
                }
                catch (OperationCanceledException)
                {
                    return "cancelled";
                }
            }));

        (await engine.ResultAsync<string>("Main")).Should().Be("cancelled");
    }

    [Fact, ThroughHost]
    public async Task Losing_timer_that_is_cancelled_holds_nothing_up()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<TimeSpan>("Main", async context =>
            {
                var start = context.CurrentUtcDateTime;
                using var cancel = new CancellationTokenSource();
                var hour = context.CreateTimer(TimeSpan.FromHours(1), cancel.Token);
                var work = context.CallActivityAsync<string>("Work");
                await Task.WhenAny(work, hour);
                cancel.Cancel();
                await context.CallActivityAsync<string>("Work");
                return context.CurrentUtcDateTime - start;
            })
            .AddActivityFunc<string>("Work", _ => "done"));

        (await engine.ResultAsync<TimeSpan>("Main")).Should().BeLessThan(TimeSpan.FromMinutes(30));
    }

    [Fact, ThroughHost]
    public async Task Losing_timer_that_is_left_holds_up_the_end_only()
    {
        // An orchestration ends when none of its tasks is open, whatever its code has returned before: cancel what lost
        // (docs/decisions/0004-one-mailbox.md).
        var left = TimeSpan.FromSeconds(4);
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<TimeSpan>("Main", async context =>
            {
                var start = context.CurrentUtcDateTime;
                var timer = context.CreateTimer(left, CancellationToken.None);
                await Task.WhenAny(context.CallActivityAsync<string>("Work"), timer);
                return context.CurrentUtcDateTime - start;
            })
            .AddActivityFunc<string>("Work", _ => "done"));

        var ended = await engine.RunAsync("Main");

        ended.ReadOutputAs<TimeSpan>().Should().BeLessThan(left);
        (ended.LastUpdatedAt - ended.CreatedAt).Should().BeGreaterThanOrEqualTo(left);
    }

    [Fact]
    public async Task Timer_races_an_activity()
    {
        using var gate = new SemaphoreSlim(0);
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                var work = context.CallActivityAsync("Work");
                var timer = context.CreateTimer(TimeSpan.FromMilliseconds(200), CancellationToken.None);
                var first = await Task.WhenAny(work, timer) == timer ? "timer" : "work";
                context.SetCustomStatus(first);
                return first;
            })
            .AddActivityFunc("Work", _ => gate.WaitAsync()));
        var id = await engine.ScheduleAsync("Main");

        // Time does not skip while an activity runs: the timer fires in its own time. The end waits for the activity.
        await engine.UntilStatusAsync(id, "timer");
        (await engine.GetAsync(id)).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Running);
        gate.Release();

        (await engine.ResultOfAsync<string>(id)).Should().Be("timer");
    }
}
