using Microsoft.Extensions.Time.Testing;

namespace DurableTask.Sqlite.Tests;

/// <summary>Whoever skips time when nothing else can happen has to know when the next timer is due, and that nothing happens yet.</summary>
public sealed class IdleTests
{
    [Fact]
    public async Task No_timer_fires_between_what_is_told_of_the_next_one_and_what_is_done_with_it()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var hub = await new Hub(options => options.Clock = clock)
            .Orchestration("Wait", async (context, hours) =>
            {
                await context.CreateTimer(context.CurrentUtcDateTime.AddHours(int.Parse(hours)), "");
                return "done";
            })
            .StartAsync();
        var first = await hub.BeginAsync("Wait", "1");
        await hub.BeginAsync("Wait", "2");
        var due = clock.GetUtcNow().AddHours(1);
        await Eventually.TrueAsync(() => hub.Service.NextTimerAt == due && hub.Service.IsIdle);
        List<DateTimeOffset?> told = [];
        var isIdle = false;
        var timer = new Thread(() => clock.Advance(TimeSpan.FromHours(1)));

        hub.Service.WhenIdle(next =>
        {
            timer.Start();
            SpinWait.SpinUntil(() => timer.ThreadState is ThreadState.WaitSleepJoin or ThreadState.Stopped);
            told = [next, hub.Service.NextTimerAt];
            isIdle = hub.Service.IsIdle;
        });

        timer.Join();
        told.Should().Equal(due, due);
        isIdle.Should().BeTrue();
        (await hub.EndAsync(first)).Should().Be("done");
    }

    [Fact]
    public async Task Nothing_is_told_while_an_activity_runs()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var running = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        await using var hub = await new Hub(options => options.Clock = clock)
            .Orchestration("Both", async (context, _) =>
            {
                var timer = context.CreateTimer(context.CurrentUtcDateTime.AddHours(1), "");
                await context.ScheduleTask<string>("Long", "", "");
                return await timer + "done";
            })
            .ActivityAsync("Long", async _ =>
            {
                running.SetResult();
                await goOn.Task;
                return "";
            })
            .StartAsync();
        var instance = await hub.BeginAsync("Both");
        await running.Task;
        var told = false;

        hub.Service.WhenIdle(_ => told = true);

        told.Should().BeFalse();
        goOn.SetResult();
        await Eventually.TrueAsync(() => hub.Service.IsIdle);
        hub.Service.WhenIdle(next => clock.SetUtcNow(next));
        (await hub.EndAsync(instance)).Should().Be("done");
    }
}
