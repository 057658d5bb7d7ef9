using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.Extensions.Time.Testing;

namespace DurableTask.Sqlite.Tests;

public sealed class OrchestrationTests
{
    private static Hub Five(Action<SqliteOrchestrationServiceOptions>? configure = null, DirectoryInfo? folder = null)
        => new Hub(configure, folder)
        .Orchestration("Five", async (context, input) =>
        {
            for (var i = 0; i < 5; i++)
            {
                input = await context.ScheduleTask<string>("Add", string.Empty, input);
            }

            return input;
        })
        .Activity("Add", input => input + "x");

    [Theory]
    [InlineData(100)]
    [InlineData(0)]
    public async Task Activities_run_one_after_the_other_with_and_without_the_cache(int cached)
    {
        await using var hub = await Five(options => options.MaxCachedInstances = cached).StartAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => hub.RunAsync("Five", $"{i}")));

        results.Should().Equal(Enumerable.Range(0, 50).Select(i => $"{i}xxxxx"));
    }

    [Fact]
    public async Task A_fan_out_of_a_thousand_activities_comes_back()
    {
        await using var hub = await new Hub()
            .Orchestration("Fan", async (context, _) => string.Concat(
                await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => context.ScheduleTask<string>("Echo", string.Empty, $"{i},")))))
            .Activity("Echo", input => input)
            .StartAsync();

        var result = await hub.RunAsync("Fan");

        result.Should().Be(string.Concat(Enumerable.Range(0, 1_000).Select(i => $"{i},")));
    }

    [Fact]
    public async Task Ten_thousand_events_reach_one_instance_in_order()
    {
        const int many = 10_000;
        await using var hub = await new Hub()
            .Orchestration("Count", async (_, _) =>
            {
                var flow = Flow.Current;
                for (var n = 0; n < many; n++)
                {
                    var got = await flow.EventAsync("n");
                    if (got != $"{n}")
                    {
                        return $"{got} came when {n} was due";
                    }
                }

                return "in order";
            })
            .StartAsync();
        var instance = await hub.BeginAsync("Count");

        Task last = Task.CompletedTask;
        for (var n = 0; n < many; n++)
        {
            last = hub.Client.RaiseEventAsync(instance, "n", $"{n}");
        }

        await last;
        (await hub.EndAsync(instance)).Should().Be("in order");
    }

    [Fact]
    public async Task An_event_to_an_unknown_or_ended_instance_is_dropped_and_leaves_nothing()
    {
        await using var hub = await Five().StartAsync();
        var ended = await hub.BeginAsync("Five");
        await hub.EndAsync(ended);

        await hub.Client.RaiseEventAsync(ended, "late", "x");
        await hub.Client.RaiseEventAsync(new OrchestrationInstance { InstanceId = "nobody" }, "lost", "x");

        Sql.Number(hub.DatabasePath, "SELECT count(*) FROM inbox").Should().Be(0);
        await hub.RunAsync("Five");
    }

    [Fact]
    public async Task Fifty_nested_sub_orchestrations_return()
    {
        await using var hub = await new Hub()
            .Orchestration("Nest", async (context, left) => left == "0"
                ? "bottom"
                : await context.CreateSubOrchestrationInstance<string>("Nest", string.Empty, $"{int.Parse(left) - 1}") + ".")
            .StartAsync();

        (await hub.RunAsync("Nest", "50")).Should().Be("bottom" + new string('.', 50));
    }

    [Fact]
    public async Task A_sub_orchestration_with_the_id_of_one_that_runs_fails_instead_of_waiting_for_ever()
    {
        await using var hub = await new Hub()
            .Orchestration("Wait", async (_, _) => await Flow.Current.EventAsync("go"))
            .Orchestration("Parent", async (context, id) =>
            {
                try
                {
                    return await context.CreateSubOrchestrationInstance<string>("Wait", string.Empty, id, string.Empty);
                }
                catch (Core.Exceptions.SubOrchestrationFailedException e)
                {
                    return e.Message;
                }
            })
            .StartAsync();
        var waiting = await hub.BeginAsync("Wait", id: "taken");

        (await hub.RunAsync("Parent", "taken")).Should().Contain("already exists");

        await hub.Client.RaiseEventAsync(waiting, "go", "ok");
        (await hub.EndAsync(waiting)).Should().Be("ok");
    }

    [Fact]
    public async Task Continue_as_new_hundreds_of_times_loses_no_event_and_keeps_history_small()
    {
        const int rounds = 300;
        await using var hub = await new Hub()
            .Orchestration("Rounds", async (context, done) =>
            {
                var got = await Flow.Current.EventAsync("e");
                if (int.Parse(done) + 1 == rounds)
                {
                    return $"{rounds} after {got}";
                }

                context.ContinueAsNew($"{int.Parse(done) + 1}");
                return string.Empty;
            })
            .StartAsync();
        var instance = await hub.BeginAsync("Rounds", "0");
        for (var n = 1; n <= rounds; n++)
        {
            await hub.Client.RaiseEventAsync(new OrchestrationInstance { InstanceId = instance.InstanceId }, "e", $"{n}");
        }

        (await hub.EndAsync(new OrchestrationInstance { InstanceId = instance.InstanceId })).Should().Be($"{rounds} after {rounds}");
        hub.Service.GetHistory(instance.InstanceId)!.Should().HaveCountLessThan(2 * rounds);
    }

    [Fact]
    public async Task The_failure_of_an_activity_reaches_the_orchestration_and_the_client_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("dt-sqlite-");
        Hub Make() => new Hub(folder: folder)
            .Orchestration("Fails", async (context, _) => await context.ScheduleTask<string>("Throw", string.Empty, "x"))
            .Activity("Throw", _ => throw new InvalidOperationException("broken"));
        FailureDetails? made;
        await using (var first = await Make().StartAsync())
        {
            var state = await first.WaitAsync(await first.BeginAsync("Fails", id: "one"));
            state.OrchestrationStatus.Should().Be(OrchestrationStatus.Failed);
            made = state.FailureDetails;
        }

        await using (var second = Make())
        {
            var state = second.Service.FindState("one", true)!;

            state.FailureDetails!.ErrorMessage.Should().Contain("broken");
            state.FailureDetails.Should().BeEquivalentTo(made, options => options.ComparingByMembers<FailureDetails>());
            state.FailureDetails.StackTrace.Should().NotBeEmpty();
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_under_way_when_the_service_closed_is_done_by_the_next_one()
    {
        var folder = Directory.CreateTempSubdirectory("dt-sqlite-");
        var runs = 0;
        var entered = new TaskCompletionSource();
        Hub Make(Task until) => new Hub(folder: folder)
            .Orchestration("Slow", async (context, _) => await context.ScheduleTask<string>("Block", string.Empty, "x"))
            .ActivityAsync("Block", async input =>
            {
                runs++;
                entered.TrySetResult();
                await until;
                return input;
            });
        var never = new TaskCompletionSource();
        await using (var first = await Make(never.Task).StartAsync())
        {
            await first.BeginAsync("Slow", id: "slow");
            await entered.Task.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        }

        await using (var second = await Make(Task.CompletedTask).StartAsync())
        {
            (await second.EndAsync(new OrchestrationInstance { InstanceId = "slow" })).Should().Be("x");
        }

        runs.Should().Be(2);
        never.SetResult();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_worker_that_stops_and_starts_again_on_the_same_service_goes_on()
    {
        await using var hub = await new Hub()
            .Orchestration("Wait", async (_, _) => await Flow.Current.EventAsync("go"))
            .StartAsync();
        var instance = await hub.BeginAsync("Wait");
        await hub.StopAsync();

        await hub.Client.RaiseEventAsync(instance, "go", "went");
        var next = new TaskHubWorker(hub.Service);
        next.AddTaskOrchestrations(new NameValueObjectCreator<TaskOrchestration>(
            "Wait", string.Empty, new Flow(async (_, _) => await Flow.Current.EventAsync("go"))));
        await next.StartAsync();

        (await hub.EndAsync(instance)).Should().Be("went");
        await next.StopAsync(isForced: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60_000)]
    public async Task No_timer_fires_early(int millisecondsBefore)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var hub = await new Hub(options => options.Clock = clock)
            .Orchestration("Timer", async (context, _) =>
            {
                await context.CreateTimer(context.CurrentUtcDateTime.AddHours(1), string.Empty);
                return context.CurrentUtcDateTime.ToString("HH:mm:ss.fff");
            })
            .StartAsync();
        var instance = await hub.BeginAsync("Timer");
        await Eventually.TrueAsync(() => hub.Service.NextTimerAt is not null && hub.Service.IsIdle);

        clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(millisecondsBefore));
        await Eventually.TrueAsync(() => hub.Service.IsIdle);
        hub.Service.FindState(instance.InstanceId, false)!.OrchestrationStatus.Should().Be(OrchestrationStatus.Running);
        clock.Advance(TimeSpan.FromMilliseconds(millisecondsBefore));

        (await hub.EndAsync(instance)).Should().Be("01:00:00.000");
        hub.Service.GetHistory(instance.InstanceId)!.Should().OnlyContain(e => e.Timestamp.Year == 2030, "history goes by the clock");
    }

    [Fact]
    public async Task Five_thousand_timers_due_at_once_all_fire_and_those_of_ended_instances_do_not()
    {
        const int many = 5_000;
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var hub = await new Hub(
            options => (options.Clock, options.Seams.Relaxed, options.MaxCachedInstances) = (clock, true, 10))
            .Orchestration("Timer", async (context, _) =>
            {
                await context.CreateTimer(context.CurrentUtcDateTime.AddHours(1), string.Empty);
                return "fired";
            })
            .StartAsync();
        var all = await Task.WhenAll(Enumerable.Range(0, many).Select(n => hub.BeginAsync("Timer", id: $"t{n}")));
        await Eventually.TrueAsync(() => hub.Service.IsIdle);
        await hub.Client.TerminateInstanceAsync(all[0], "enough");
        await hub.WaitAsync(all[0]);

        clock.Advance(TimeSpan.FromHours(1));

        (await Task.WhenAll(all.Skip(1).Select(hub.EndAsync))).Should().OnlyContain(result => result == "fired");
        await Eventually.TrueAsync(() => hub.Service.IsIdle);
        hub.Service.NextTimerAt.Should().BeNull();
        Sql.Number(hub.DatabasePath, "SELECT count(*) FROM timers").Should().Be(0);
        hub.Service.InstancesInMemory.Should().BeLessThanOrEqualTo(10);
    }

    [Fact]
    public async Task An_orchestration_whose_turn_always_fails_holds_no_other_up()
    {
        await using var hub = Five();
        hub.Worker.AddOrchestrationDispatcherMiddleware(
            (context, next) => context.GetProperty<OrchestrationInstance>().InstanceId == "poison"
                ? throw new InvalidOperationException("poison")
                : next());
        await hub.StartAsync();
        await hub.BeginAsync("Five", id: "poison");

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => hub.RunAsync("Five", $"{i}")));

        results.Should().HaveCount(20);
        hub.Service.FindState("poison", false)!.OrchestrationStatus.Should().Be(OrchestrationStatus.Pending);
    }

    [Fact]
    public async Task An_instance_whose_rows_cannot_be_read_holds_no_other_up()
    {
        var folder = Directory.CreateTempSubdirectory("dt-sqlite-");
        await using (var first = Five(folder: folder))
        {
            await first.BeginAsync("Five", "a", "torn");
            await first.BeginAsync("Five", "b", "sound");
        }

        Sql.Execute(Path.Combine(folder.FullName, "durable.db"), "UPDATE inbox SET message = x'0102' WHERE key = 1");
        await using (var second = await Five(folder: folder).StartAsync())
        {
            (await second.EndAsync(new OrchestrationInstance { InstanceId = "sound" })).Should().Be("bxxxxx");
            second.Service.FindState("torn", false)!.OrchestrationStatus.Should().Be(OrchestrationStatus.Pending);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_timer_that_fires_while_its_instance_ends_changes_nothing()
    {
        await using var hub = await Five().StartAsync();
        var instance = await hub.BeginAsync("Five", "a");
        await hub.EndAsync(instance);
        var before = hub.Service.GetHistory(instance.InstanceId)!.Count;
        var late = new TaskMessage { OrchestrationInstance = instance, Event = new TimerFiredEvent(-1) { TimerId = 3 } };

        hub.Service.Store.Board.Deliver(key: 1, instance.InstanceId, seq: 1_000, late, othersWait: false);
        hub.Service.Reconsider();

        await Eventually.TrueAsync(() => hub.Service.IsIdle);
        hub.Service.GetHistory(instance.InstanceId).Should().HaveCount(before);
        hub.Service.InstancesInMemory.Should().Be(0);
    }

    [Fact]
    public async Task Who_waits_for_an_end_is_told_when_the_file_closes()
    {
        await using var hub = Five();
        await hub.BeginAsync("Five", id: "one");
        var wait = hub.Client.WaitForOrchestrationAsync(new OrchestrationInstance { InstanceId = "one" }, TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(() => hub.Service.Waiters == 1);

        hub.Service.Dispose();

        await wait.Invoking(async it => await it).Should().ThrowAsync<ObjectDisposedException>();
    }

    [Fact]
    public async Task History_reads_back_as_it_was_made()
    {
        await using var hub = await Five().StartAsync();
        var instance = await hub.BeginAsync("Five", "a");
        await hub.EndAsync(instance);

        var history = hub.Service.GetHistory(instance.InstanceId)!;

        history.OfType<ExecutionStartedEvent>().Single().Input.Should().Be("\"a\"");
        history.OfType<TaskCompletedEvent>().Select(e => e.Result)
            .Should().Equal("\"ax\"", "\"axx\"", "\"axxx\"", "\"axxxx\"", "\"axxxxx\"");
        history[^2].Should().BeOfType<ExecutionCompletedEvent>();
        (await hub.Client.GetOrchestrationHistoryAsync(instance)).Should().Contain("axxxxx");
        hub.Service.GetHistory("nobody").Should().BeNull();
    }
}
