using DurableTask.Core.History;
using Microsoft.Extensions.Time.Testing;

namespace DurableTask.Sqlite.Tests;

/// <summary>What comes too late or a second time changes nothing, and what is late for its own time is not lost.</summary>
public sealed class OvertakenTests
{
    [Fact]
    public async Task A_turn_that_was_overtaken_changes_nothing()
    {
        var (turns, runs) = (0, 0);
        var (entered, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var hub = new Hub()
            .Orchestration("Two", async (context, _) =>
            {
                var go = Flow.Current.EventAsync("go");
                return await context.ScheduleTask<string>("Count", string.Empty, "a") + await go;
            })
            .Activity("Count", input => $"{input}{Interlocked.Increment(ref runs)}");
        hub.Worker.AddOrchestrationDispatcherMiddleware(async (_, next) =>
        {
            var isFirst = Interlocked.Increment(ref turns) == 1;
            await next();
            if (isFirst)
            {
                entered.SetResult();
                await released.Task;
            }
        });
        await hub.StartAsync();
        var instance = await hub.BeginAsync("Two");
        await entered.Task.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);

        // Everything is handed out again, as after a commit of which nobody knows whether it took place.
        await hub.Service.StartAsync();
        await Eventually.TrueAsync(() => Volatile.Read(ref runs) == 1 && hub.Service.IsIdle);
        released.SetResult();
        await hub.Client.RaiseEventAsync(instance, "go", "go");

        (await hub.EndAsync(instance)).Should().Be("a1go");
        await Eventually.TrueAsync(() => hub.Service.IsIdle);
        runs.Should().Be(1);
    }

    [Fact]
    public async Task An_activity_that_is_done_twice_counts_once()
    {
        var (runs, commits) = (0, 0L);
        var (entered, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var hub = await new Hub(options => options.Seams.AfterCommit = number => Interlocked.Exchange(ref commits, number))
            .Orchestration("One", async (context, _) =>
            {
                var go = Flow.Current.EventAsync("go");
                return await context.ScheduleTask<string>("Slow", string.Empty, "a") + await go;
            })
            .ActivityAsync("Slow", async input =>
            {
                var run = Interlocked.Increment(ref runs);
                if (run == 1)
                {
                    entered.SetResult();
                    await released.Task;
                }

                return $"{input}{run}";
            })
            .StartAsync();
        var instance = await hub.BeginAsync("One");
        await entered.Task.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);

        // Everything is handed out again, and the first to have taken the activity comes last.
        await hub.Service.StartAsync();
        await Eventually.TrueAsync(() => Volatile.Read(ref runs) == 2 && hub.Service.IsIdle);
        var before = Interlocked.Read(ref commits);
        released.SetResult();
        await Eventually.TrueAsync(() => Interlocked.Read(ref commits) > before && hub.Service.IsIdle);
        await hub.Client.RaiseEventAsync(instance, "go", "go");

        (await hub.EndAsync(instance)).Should().Be("a2go");
        hub.Service.GetHistory(instance.InstanceId)!.OfType<TaskCompletedEvent>().Should().ContainSingle();
    }

    [Fact]
    public async Task A_timer_that_is_stored_after_its_time_fires_all_the_same()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var (isWatched, commits) = (false, 0);
        await using var hub = await new Hub(options =>
        {
            options.Clock = clock;
            options.Seams.BeforeCommit = _ =>
            {
                // The first is the start of the orchestration, the second its turn.
                if (Volatile.Read(ref isWatched) && ++commits == 2)
                {
                    clock.Advance(TimeSpan.FromHours(2));
                }
            };
        })
            .Orchestration("Timer", async (context, minutes) =>
            {
                await context.CreateTimer(context.CurrentUtcDateTime.AddMinutes(int.Parse(minutes)), string.Empty);
                return "fired";
            })
            .StartAsync();
        var other = await hub.BeginAsync("Timer", "60");
        await Eventually.TrueAsync(() => hub.Service.NextTimerAt is not null && hub.Service.IsIdle);

        Volatile.Write(ref isWatched, true);
        var late = await hub.BeginAsync("Timer", "30");

        (await hub.EndAsync(other)).Should().Be("fired", "its timer was due while the other was stored");
        (await hub.EndAsync(late)).Should().Be("fired");
    }
}
