using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.Query;
using Microsoft.Extensions.Time.Testing;

namespace DurableTask.Sqlite.Tests;

public sealed class ManagementTests
{
    private static Hub Waiting(Action<SqliteOrchestrationServiceOptions>? configure = null) => new Hub(configure)
        .Orchestration("Wait", async (_, _) => await Flow.Current.EventAsync("go"))
        .Orchestration("Echo", (_, input) => Task.FromResult(input))
        .Orchestration("Parent", async (context, depth) => depth == "0"
            ? await Flow.Current.EventAsync("go")
            : await context.CreateSubOrchestrationInstance<string>(
                "Parent", string.Empty, $"{context.OrchestrationInstance.InstanceId}.c", $"{int.Parse(depth) - 1}"));

    private static OrchestrationInstance Id(string id) => new() { InstanceId = id };

    [Fact]
    public async Task A_terminated_instance_ends_with_the_reason_and_takes_no_event()
    {
        await using var hub = await Waiting().StartAsync();
        var instance = await hub.BeginAsync("Wait");

        await hub.Client.TerminateInstanceAsync(instance, "enough");

        var state = await hub.WaitAsync(instance);
        state.OrchestrationStatus.Should().Be(OrchestrationStatus.Terminated);
        state.Output.Should().Be("enough");
        await hub.Client.RaiseEventAsync(instance, "go", "late");
        hub.Service.FindState(instance.InstanceId, true)!.Output.Should().Be("enough");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Terminate_reaches_all_generations_of_sub_orchestrations_when_asked_to(bool recursive)
    {
        await using var hub = await Waiting().StartAsync();
        await hub.BeginAsync("Parent", "3", "p");
        await hub.StatusAsync("p.c.c.c", OrchestrationStatus.Running);

        await hub.Service.TerminateAsync("p", "enough", recursive);

        await hub.WaitAsync(Id("p"));
        if (recursive)
        {
            (await hub.WaitAsync(Id("p.c.c.c"))).OrchestrationStatus.Should().Be(OrchestrationStatus.Terminated);
        }
        else
        {
            await Eventually.TrueAsync(() => hub.Service.IsIdle);
            hub.Service.FindState("p.c", false)!.OrchestrationStatus.Should().Be(OrchestrationStatus.Running);
        }
    }

    [Fact]
    public async Task A_suspended_instance_keeps_what_arrives_and_handles_it_when_resumed()
    {
        await using var hub = await Waiting().StartAsync();
        var instance = await hub.BeginAsync("Wait");
        await hub.Client.SuspendInstanceAsync(instance, "pause");
        await hub.StatusAsync(instance.InstanceId, OrchestrationStatus.Suspended);

        await hub.Client.RaiseEventAsync(instance, "go", "kept");
        await Eventually.TrueAsync(() => hub.Service.IsIdle);
        hub.Service.FindState(instance.InstanceId, false)!.OrchestrationStatus.Should().Be(OrchestrationStatus.Suspended);
        await hub.Client.ResumeInstanceAsync(instance, "go on");

        (await hub.EndAsync(instance)).Should().Be("kept");
    }

    [Fact]
    public async Task A_second_start_of_a_running_id_is_refused_and_leaves_the_first_alone()
    {
        await using var hub = await Waiting().StartAsync();
        var first = await hub.BeginAsync("Wait", id: "one");

        var again = () => hub.BeginAsync("Wait", id: "one");

        (await again.Should().ThrowAsync<OrchestrationAlreadyExistsException>()).Which.Message.Should().Contain("'one' already exists");
        await hub.Client.RaiseEventAsync(first, "go", "first");
        (await hub.EndAsync(first)).Should().Be("first");
    }

    [Fact]
    public async Task De_duplication_statuses_decide_whether_an_instance_is_replaced()
    {
        await using var hub = await Waiting().StartAsync();
        await hub.RunAsync("Echo", "first", "one");

        var refused = () => hub.Client.CreateOrchestrationInstanceAsync(
            "Echo", string.Empty, "one", "second", null, [OrchestrationStatus.Completed]);
        await refused.Should().ThrowAsync<OrchestrationAlreadyExistsException>();
        (await hub.RunAsync("Echo", "third", "one")).Should().Be("third");

        // One that runs is replaced when nothing forbids it; what it was sent does not reach its successor.
        var old = await hub.BeginAsync("Wait", id: "two");
        await hub.StatusAsync("two", OrchestrationStatus.Running);
        var replaced = await hub.Client.CreateOrchestrationInstanceAsync("Wait", string.Empty, "two", string.Empty, null, []);
        await hub.Client.RaiseEventAsync(old, "go", "old");
        await hub.Client.RaiseEventAsync(replaced, "go", "new");
        (await hub.EndAsync(Id("two"))).Should().Be("new");
    }

    [Fact]
    public async Task A_start_in_the_future_stays_pending_until_then_and_keeps_what_came_before()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var hub = await Waiting(options => options.Clock = clock).StartAsync();
        await hub.Client.CreateScheduledOrchestrationInstanceAsync(
            "Wait", string.Empty, "later", string.Empty, clock.GetUtcNow().AddHours(2).UtcDateTime);
        await hub.Client.RaiseEventAsync(Id("later"), "go", "early");
        await Eventually.TrueAsync(() => hub.Service.IsIdle);

        clock.Advance(TimeSpan.FromMinutes(119));
        await Eventually.TrueAsync(() => hub.Service.IsIdle);
        hub.Service.FindState("later", false)!.OrchestrationStatus.Should().Be(OrchestrationStatus.Pending);
        clock.Advance(TimeSpan.FromMinutes(1));

        (await hub.EndAsync(Id("later"))).Should().Be("early");
    }

    [Fact]
    public async Task A_start_in_the_future_can_be_terminated_before()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var hub = await Waiting(options => options.Clock = clock).StartAsync();
        await hub.Client.CreateScheduledOrchestrationInstanceAsync(
            "Wait", string.Empty, "later", string.Empty, clock.GetUtcNow().AddHours(2).UtcDateTime);

        await hub.Client.TerminateInstanceAsync(Id("later"), "not wanted");

        (await hub.WaitAsync(Id("later"))).OrchestrationStatus.Should().Be(OrchestrationStatus.Terminated);
        hub.Service.NextTimerAt.Should().NotBeNull();
        clock.Advance(TimeSpan.FromHours(3));
        await Eventually.TrueAsync(() => hub.Service.IsIdle && hub.Service.NextTimerAt is null);
    }

    [Fact]
    public async Task Queries_page_by_status_time_and_prefix()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var hub = await Waiting(options => options.Clock = clock).StartAsync();
        for (var n = 0; n < 10; n++)
        {
            await hub.RunAsync("Echo", $"{n}", $"done-{n}");
            await hub.BeginAsync("Wait", id: $"WAIT-{n}");
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        (await AllAsync(hub, new OrchestrationQuery { PageSize = 3 })).Should().HaveCount(20).And.OnlyHaveUniqueItems();
        (await AllAsync(hub, new OrchestrationQuery { PageSize = 4, RuntimeStatus = [OrchestrationStatus.Completed] }))
            .Should().Equal(Enumerable.Range(0, 10).Select(n => $"done-{n}"));
        (await AllAsync(hub, new OrchestrationQuery { InstanceIdPrefix = "wait" })).Should().BeEmpty("ids tell upper from lower case");
        (await AllAsync(hub, new OrchestrationQuery { InstanceIdPrefix = "WAIT", PageSize = 7 })).Should().HaveCount(10);
        var start = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var window = new OrchestrationQuery { CreatedTimeFrom = start.AddMinutes(3), CreatedTimeTo = start.AddMinutes(4), PageSize = 1 };
        (await AllAsync(hub, window)).Should().BeEquivalentTo("done-3", "WAIT-3", "done-4", "WAIT-4");
        var bare = await hub.Service.GetOrchestrationWithQueryAsync(
            new OrchestrationQuery { FetchInputsAndOutputs = false, PageSize = 1 }, TestContext.Current.CancellationToken);
        bare.OrchestrationState.Single().Output.Should().BeNull();
        var foreign = () => AllAsync(hub, new OrchestrationQuery { ContinuationToken = "page two" });
        (await foreign.Should().ThrowAsync<ArgumentException>()).Which.Message.Should().Contain("'page two' is not a continuation token");
    }

    [Fact]
    public async Task Purge_removes_ended_instances_only_and_sub_orchestrations_when_asked()
    {
        await using var hub = await Waiting().StartAsync();
        await hub.BeginAsync("Parent", "2", "p");
        await hub.StatusAsync("p.c.c", OrchestrationStatus.Running);
        (await hub.Service.PurgeInstanceStateAsync("p")).DeletedInstanceCount.Should().Be(0, "it has not ended");
        (await hub.Service.PurgeInstanceStateAsync("nobody")).DeletedInstanceCount.Should().Be(0);
        await hub.Client.RaiseEventAsync(Id("p.c.c"), "go", "x");
        await hub.EndAsync(Id("p"));

        (await hub.Service.PurgeAsync("p", recursive: true)).DeletedInstanceCount.Should().Be(3);

        foreach (var table in new[] { "instances", "inputs", "history", "inbox", "timers", "activities" })
        {
            Sql.Number(hub.DatabasePath, $"SELECT count(*) FROM {table}").Should().Be(0, table);
        }
    }

    [Fact]
    public async Task Purge_by_filter_stops_at_its_time_limit_and_goes_on_when_asked_again()
    {
        await using var hub = await Waiting(options => options.Seams.Relaxed = true).StartAsync();
        var running = await hub.BeginAsync("Wait");
        await Task.WhenAll(Enumerable.Range(0, 500).Select(n => hub.RunAsync("Echo", "x", $"e{n}")));
        var filter = new PurgeInstanceFilter(DateTime.MinValue, null, [OrchestrationStatus.Completed]) { Timeout = TimeSpan.Zero };

        var first = await hub.Service.PurgeInstanceStateAsync(filter);
        filter.Timeout = TimeSpan.FromMinutes(1);
        var rest = await hub.Service.PurgeInstanceStateAsync(filter);

        first.IsComplete.Should().BeFalse();
        rest.IsComplete.Should().BeTrue();
        (first.DeletedInstanceCount + rest.DeletedInstanceCount).Should().Be(500);
        first.DeletedInstanceCount.Should().BeInRange(1, 499);
        hub.Service.FindState(running.InstanceId, false).Should().NotBeNull();
    }

    [Theory]
    [InlineData(OrchestrationStateTimeRangeFilterType.OrchestrationCreatedTimeFilter, 0)]
    [InlineData(OrchestrationStateTimeRangeFilterType.OrchestrationCompletedTimeFilter, 2)]
    [InlineData(OrchestrationStateTimeRangeFilterType.OrchestrationLastUpdatedTimeFilter, 2)]
    public async Task Purge_before_a_time_goes_by_the_time_it_is_told(OrchestrationStateTimeRangeFilterType which, int hour)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var hub = await Waiting(options => options.Clock = clock).StartAsync();
        var ended = await hub.BeginAsync("Wait");
        await hub.BeginAsync("Wait", id: "running");
        clock.Advance(TimeSpan.FromHours(2));
        await hub.Client.RaiseEventAsync(ended, "go", "x");
        await hub.EndAsync(ended);
        var at = new DateTime(2030, 1, 1, hour, 0, 0, DateTimeKind.Utc);

        await hub.Client.PurgeOrchestrationInstanceHistoryAsync(at.AddMinutes(-1), which);
        hub.Service.FindState(ended.InstanceId, false).Should().NotBeNull();
        await hub.Client.PurgeOrchestrationInstanceHistoryAsync(at.AddMinutes(1), which);

        hub.Service.FindState(ended.InstanceId, false).Should().BeNull();
        hub.Service.FindState("running", false).Should().NotBeNull("it has not ended");
    }

    [Fact]
    public async Task Ended_instances_go_after_their_retention()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var hub = await Waiting(options => (options.Clock, options.Retention) = (clock, TimeSpan.FromDays(2))).StartAsync();
        await hub.RunAsync("Echo", "x", "old");
        await hub.BeginAsync("Wait", id: "running");
        clock.Advance(TimeSpan.FromDays(1));
        await hub.RunAsync("Echo", "x", "young");

        clock.Advance(TimeSpan.FromDays(1));
        clock.Advance(TimeSpan.FromMinutes(2));

        await Eventually.TrueAsync(() => hub.Service.FindState("old", false) is null);
        hub.Service.FindState("young", false).Should().NotBeNull();
        hub.Service.FindState("running", false).Should().NotBeNull();
    }

    [Fact]
    public async Task A_failed_instance_goes_back_to_where_it_failed_and_so_do_its_sub_orchestrations()
    {
        var (broken, steps) = (true, new List<string>());
        await using var hub = await new Hub()
            .Orchestration("Outer", async (context, _) =>
                await context.ScheduleTask<string>("Step", string.Empty, "outer")
                + await context.CreateSubOrchestrationInstance<string>("Inner", string.Empty, "inner", string.Empty))
            .Orchestration("Inner", async (context, _) =>
                await context.ScheduleTask<string>("Step", string.Empty, "inner")
                + await context.ScheduleTask<string>("Break", string.Empty, "b"))
            .Activity("Step", name =>
            {
                lock (steps)
                {
                    steps.Add(name);
                }

                return name;
            })
            .Activity("Break", name => broken ? throw new InvalidOperationException("not yet") : name)
            .StartAsync();
        (await hub.RunAsync("Outer", id: "outer")).Should().StartWith("Failed");

        broken = false;
        await hub.Service.RewindAsync("outer", "mended");

        await hub.StatusAsync("outer", OrchestrationStatus.Completed);
        (await hub.EndAsync(Id("outer"))).Should().Be("outerinnerb");
        steps.Should().Equal("outer", "inner");
        var wrong = () => hub.Service.RewindAsync("outer", "again");
        (await wrong.Should().ThrowAsync<InvalidOperationException>()).Which.Message.Should().Contain("only one that failed");
    }

    [Fact]
    public async Task Tags_version_and_custom_status_stay_with_the_instance()
    {
        await using var hub = await new Hub()
            .Orchestration(
                "Wait",
                async (_, _) =>
                {
                    Flow.Current.Status = "waiting";
                    return await Flow.Current.EventAsync("go");
                },
                "1.2")
            .StartAsync();

        var instance = await hub.Client.CreateOrchestrationInstanceAsync(
            "Wait", "1.2", "tagged", "in", new Dictionary<string, string> { ["kind"] = "cash-in" });
        await hub.StatusAsync("tagged", "waiting");

        var state = (await hub.Service.GetOrchestrationWithQueryAsync(new OrchestrationQuery(), TestContext.Current.CancellationToken))
            .OrchestrationState.Single();
        state.Tags.Should().Contain("kind", "cash-in");
        state.Version.Should().Be("1.2");
        state.Input.Should().Be("\"in\"");
        await hub.Client.RaiseEventAsync(instance, "go", "x");
        await hub.EndAsync(instance);
    }

    [Fact]
    public async Task A_wait_for_an_end_gives_up_after_its_time_and_ends_when_cancelled()
    {
        await using var hub = await Waiting().StartAsync();
        var instance = await hub.BeginAsync("Wait");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        (await hub.Service.WaitForOrchestrationAsync(instance.InstanceId, null, TimeSpan.FromMilliseconds(50), default)).Should().BeNull();
        (await hub.Service.WaitForOrchestrationAsync("nobody", null, TimeSpan.Zero, default)).Should().BeNull();
        var wait = () => hub.Service.WaitForOrchestrationAsync(instance.InstanceId, null, TimeSpan.FromMinutes(1), cancelled.Token);
        await wait.Should().ThrowAsync<OperationCanceledException>();
        hub.Service.Waiters.Should().Be(0);
    }

    [Fact]
    public async Task Entities_are_refused_by_name()
    {
        await using var hub = new Hub();

        var signal = () => hub.Client.RaiseEventAsync(Id("@counter@one"), "op", "x");

        (await signal.Should().ThrowAsync<NotSupportedException>()).Which.Message.Should().Contain("'@counter@one'");
    }

    [Fact]
    public async Task Recreating_the_store_empties_it_and_deleting_it_removes_the_files()
    {
        await using var hub = await Waiting().StartAsync();
        await hub.RunAsync("Echo", "x", "one");

        await hub.Service.CreateAsync(recreateInstanceStore: true);
        hub.Service.FindState("one", false).Should().BeNull();
        (await hub.RunAsync("Echo", "y", "two")).Should().Be("y");
        await hub.StopAsync();
        await hub.Service.DeleteAsync();

        Directory.GetFiles(Path.GetDirectoryName(hub.DatabasePath)!).Should().BeEmpty();
    }

    private static async Task<List<string>> AllAsync(Hub hub, OrchestrationQuery query)
    {
        var ids = new List<string>();
        do
        {
            var page = await hub.Service.GetOrchestrationWithQueryAsync(query, TestContext.Current.CancellationToken);
            page.OrchestrationState.Count.Should().BeLessThanOrEqualTo(query.PageSize);
            ids.AddRange(page.OrchestrationState.Select(state => state.OrchestrationInstance.InstanceId));
            query.ContinuationToken = page.ContinuationToken;
        }
        while (query.ContinuationToken is not null);
        return ids;
    }
}
