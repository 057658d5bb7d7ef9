namespace OmsWorkflows.Conformance.Events;

/// <summary>
/// A timer and an event that reach the orchestrator in one batch: the instance is suspended while both happen, and resumed then. What
/// happened first wins, whichever it was.
/// </summary>
public sealed class RaceTests
{
    [Fact, ThroughHost]
    public async Task Event_before_the_timer_in_one_batch_wins()
    {
        await using var engine = await StartAsync();
        var (id, fired) = await engine.SuspendedBeforeTimerAsync("Main", "racing");

        await engine.RaiseAsync(id, "go", "event");
        await engine.RunAsync("Sleep", fired);
        await engine.Client.ResumeInstanceAsync(id);

        (await engine.ResultOfAsync<string>(id)).Should().Be("event");
    }

    [Fact, ThroughHost]
    public async Task Timer_before_the_event_in_one_batch_wins()
    {
        await using var engine = await StartAsync();
        var (id, fired) = await engine.SuspendedBeforeTimerAsync("Main", "racing");

        await engine.RunAsync("Sleep", fired);
        await engine.RaiseAsync(id, "go", "event");
        await engine.Client.ResumeInstanceAsync(id);

        (await engine.ResultOfAsync<string>(id)).Should().Be("timer");
    }

    [Fact]
    public async Task Event_races_an_activity()
    {
        using var gate = new SemaphoreSlim(0);
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                var work = context.CallActivityAsync<string>("Work");
                var go = context.WaitForExternalEvent<string>("go");
                var first = await await Task.WhenAny(work, go);
                context.SetCustomStatus(first);
                return first;
            })
            .AddActivityFunc<string>("Work", async _ =>
            {
                await gate.WaitAsync();
                return "work";
            }));
        var id = await engine.ScheduleAsync("Main");
        await engine.RaiseAsync(id, "go", "event");

        await engine.UntilStatusAsync(id, "event");
        (await engine.GetAsync(id)).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Running);
        gate.Release();

        (await engine.ResultOfAsync<string>(id)).Should().Be("event");
    }

    [Fact, ThroughHost]
    public async Task Event_wait_that_lost_holds_nothing_up()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                var work = context.CallActivityAsync<string>("Work");
                return await await Task.WhenAny(work, context.WaitForExternalEvent<string>("never"));
            })
            .AddActivityFunc<string>("Work", _ => "work"));

        (await engine.ResultAsync<string>("Main")).Should().Be("work");
    }

    [Fact, ThroughHost]
    public async Task Loser_of_a_race_can_be_raced_again()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<List<string>>("Main", async context =>
            {
                await context.WaitForExternalEvent<string>("both raised");
                var log = new List<string>();
                var wait = context.WaitForExternalEvent<string>("signal");
                while (log.Count < 4)
                {
                    using var cancel = new CancellationTokenSource();
                    var timer = context.CreateTimer(TimeSpan.FromMilliseconds(200), cancel.Token);
                    if (await Task.WhenAny(wait, timer) == wait)
                    {
                        cancel.Cancel();
                        log.Add(await wait);
                        wait = context.WaitForExternalEvent<string>("signal");
                    }
                    else
                    {
                        log.Add("timer");
                        context.SetCustomStatus("timer");
                    }
                }

                return log;
            }));
        var id = await engine.ScheduleAsync("Main");
        await engine.RaiseAsync(id, "signal", "a");
        await engine.RaiseAsync(id, "signal", "b");
        await engine.RaiseAsync(id, "both raised", "go");
        var log = await engine.ResultOfAsync<List<string>>(id);

        log.Should().Equal("a", "b", "timer", "timer");
    }

    private static Task<ConformanceEngine> StartAsync() => ConformanceEngine.StartAsync(tasks => tasks
        .AddOrchestratorFunc<TimeSpan, string>("Main", async (context, time) =>
        {
            using var cancel = new CancellationTokenSource();
            var go = context.WaitForExternalEvent<string>("go");
            var timer = context.CreateTimer(time, cancel.Token);
            context.SetCustomStatus("racing");
            if (await Task.WhenAny(go, timer) == timer)
                return "timer";

            cancel.Cancel();
            return await go;
        })
        .AddSleep());
}
