using System.Diagnostics;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

public sealed class LifecycleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_stop_gives_a_running_activity_back_and_the_next_start_runs_it_again()
    {
        var runs = 0;
        using var running = new ManualResetEventSlim();
        var never = new TaskCompletionSource();
        await using var engine = await EngineFixture.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc<int>("call", context => context.CallActivityAsync<int>("slow"))
                .AddActivityFunc<int>("slow", async _ =>
                {
                    if (Interlocked.Increment(ref runs) == 1)
                    {
                        running.Set();
                        await never.Task;
                    }

                    return runs;
                }),
            options => options.StopTimeout = TimeSpan.FromMilliseconds(200));
        var id = await engine.Start("call");
        running.Wait(Patience).Should().BeTrue();

        var watch = Stopwatch.StartNew();
        await engine.StopAsync();
        var stopped = watch.Elapsed;
        await engine.StartAsync();

        stopped.Should().BeLessThan(TimeSpan.FromSeconds(10));
        (await engine.End(id)).ReadOutputAs<int>().Should().Be(2);
    }

    [Fact]
    public async Task A_stop_lets_a_running_activity_finish_and_keeps_its_result()
    {
        var runs = 0;
        using var running = new ManualResetEventSlim();
        var release = new TaskCompletionSource();
        await using var engine = await EngineFixture.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc<int>("call", context => context.CallActivityAsync<int>("brief"))
                .AddActivityFunc<int>("brief", async _ =>
                {
                    var run = Interlocked.Increment(ref runs);
                    running.Set();
                    await release.Task;
                    return run;
                }),
            options => options.StopTimeout = Patience);
        var id = await engine.Start("call");
        running.Wait(Patience).Should().BeTrue();

        var stop = engine.StopAsync();
        release.SetResult();
        await stop;
        await engine.StartAsync();

        (await engine.End(id)).ReadOutputAs<int>().Should().Be(1);
        runs.Should().Be(1);
    }

    [Fact]
    public async Task No_more_activities_run_at_once_than_allowed()
    {
        var now = 0;
        var most = 0;
        await using var engine = await EngineFixture.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc("fan", context => Task.WhenAll(Enumerable.Range(0, 50).Select(_ => context.CallActivityAsync("busy"))))
                .AddActivityFunc("busy", async _ =>
                {
                    var running = Interlocked.Increment(ref now);
                    InterlockedMax(ref most, running);
                    await Task.Yield();
                    Interlocked.Decrement(ref now);
                }),
            options => options.MaxConcurrentActivities = 3);

        (await engine.Run("fan")).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Completed);

        most.Should().BeInRange(1, 3);
    }

    [Fact]
    public async Task Ended_instances_go_after_their_retention()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var engine = new EngineFixture(
            tasks => tasks.AddOrchestratorFunc<int, int>("same", (_, n) => n), options => options.Retention = TimeSpan.FromDays(1))
        {
            Clock = clock,
        };
        await engine.StartAsync();
        var id = (await engine.Run("same", 1)).InstanceId;

        clock.Advance(TimeSpan.FromHours(23));
        (await engine.Client.GetInstanceAsync(id)).Should().NotBeNull();
        clock.Advance(TimeSpan.FromHours(2));

        using var patience = new CancellationTokenSource(Patience);
        while (await engine.Client.GetInstanceAsync(id) is not null)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task An_orchestrator_that_does_not_return_is_reported()
    {
        using var release = new ManualResetEventSlim();
        var logs = new LogCollector();
        await using var engine = new EngineFixture(
            tasks => tasks.AddOrchestratorFunc<bool, bool>("blocks", (_, _) => release.Wait(Patience)), options => options.SlowTurn = TimeSpan.Zero)
        {
            Logs = logs,
        };
        await engine.StartAsync();
        var id = await engine.Start("blocks", true);

        await logs.Until(entry => entry.Id == 6014, Patience);
        release.Set();

        (await engine.End(id)).ReadOutputAs<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task Requests_to_a_stopped_engine_say_so()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks.AddOrchestratorFunc<int, int>("same", (_, n) => n));
        var client = engine.Client;
        await engine.StopAsync();

        var start = () => client.ScheduleNewOrchestrationInstanceAsync("same");

        (await start.Should().ThrowAsync<InvalidOperationException>()).Which.Message.Should().Contain("not running");
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
