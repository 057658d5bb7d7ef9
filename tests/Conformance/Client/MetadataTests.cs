namespace OmsWorkflows.Conformance.Client;

public sealed class MetadataTests
{
    [Fact]
    public async Task Unknown_instance_is_null()
    {
        await using var engine = await StartAsync();

        (await engine.Client.GetInstanceAsync("nobody", TestContext.Current.CancellationToken)).Should().BeNull();
    }

    [Fact]
    public async Task Ended_instance_tells_all_about_itself()
    {
        await using var engine = await StartAsync();

        var ended = await engine.EndOfAsync(await engine.ScheduleAsAsync("one", "Echo", "text"));

        ended.Name.Should().Be("Echo");
        ended.InstanceId.Should().Be("one");
        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Completed);
        ended.IsCompleted.Should().BeTrue();
        ended.IsRunning.Should().BeFalse();
        ended.ReadInputAs<string>().Should().Be("text");
        ended.ReadOutputAs<string>().Should().Be("text");
        ended.ReadCustomStatusAs<string>().Should().Be("echoing");
        ended.FailureDetails.Should().BeNull();
        ended.LastUpdatedAt.Should().BeOnOrAfter(ended.CreatedAt);
    }

    [Fact]
    public async Task Inputs_and_outputs_are_left_out_unless_asked_for()
    {
        await using var engine = await StartAsync();
        var id = await engine.ScheduleAsync("Echo", "text");
        await engine.EndOfAsync(id);

        var found = await engine.Client.GetInstanceAsync(id, getInputsAndOutputs: false, TestContext.Current.CancellationToken);

        found!.SerializedInput.Should().BeNullOrEmpty();
        found.SerializedOutput.Should().BeNullOrEmpty();
        found.Invoking(metadata => metadata.ReadOutputAs<string>()).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public async Task Tags_come_back()
    {
        await using var engine = await StartAsync();
        var options = new StartOrchestrationOptions { Tags = new Dictionary<string, string> { ["journey"] = "cash-in", ["shop"] = "12" } };

        var ended = await engine.EndOfAsync(await engine.ScheduleAsync("Echo", "x", options));

        ended.Tags.Should().BeEquivalentTo(options.Tags);
    }

    [Fact]
    public async Task Wait_for_start_gives_a_started_instance()
    {
        await using var engine = await StartAsync();
        var id = await engine.ScheduleAsync("Wait");

        var started = await engine.Client.WaitForInstanceStartAsync(id, TestContext.Current.CancellationToken);

        started.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Running);
    }

    [Fact]
    public async Task Waits_may_begin_before_the_instance_exists()
    {
        await using var engine = await StartAsync();

        var started = engine.Client.WaitForInstanceStartAsync("one", TestContext.Current.CancellationToken);
        var ended = engine.EndOfAsync("one");
        await engine.ScheduleAsAsync("one", "Echo", "text");

        (await engine.WithinLimitAsync(started)).InstanceId.Should().Be("one");
        (await ended).ReadOutputAs<string>().Should().Be("text");
    }

    [Fact]
    public async Task Wait_for_the_end_can_be_given_up()
    {
        await using var engine = await StartAsync();
        var id = await engine.ScheduleAsync("Wait");
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        var wait = () => engine.Client.WaitForInstanceCompletionAsync(id, cancel.Token);

        await wait.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Wait_for_an_ended_instance_returns_at_once()
    {
        await using var engine = await StartAsync();
        var id = await engine.ScheduleAsync("Echo", "text");
        await engine.EndOfAsync(id);

        (await engine.ResultOfAsync<string>(id)).Should().Be("text");
        (await engine.Client.WaitForInstanceStartAsync(id, TestContext.Current.CancellationToken)).IsCompleted.Should().BeTrue();
    }

    [Fact]
    public async Task Custom_status_is_seen_while_the_instance_runs_and_the_last_one_stays()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                context.SetCustomStatus("first");
                await context.WaitForExternalEvent<string>("go");
                context.SetCustomStatus("second");
                context.SetCustomStatus("third");
                return "ended";
            }));
        var id = await engine.ScheduleAsync("Main");
        await engine.UntilStatusAsync(id, "first");
        await engine.RaiseAsync(id, "go", "now");

        (await engine.EndOfAsync(id)).ReadCustomStatusAs<string>().Should().Be("third");
    }

    [Fact]
    public async Task Custom_status_may_be_a_record()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context =>
            {
                context.SetCustomStatus(new Progress(3, "counting"));
                return "ended";
            }));

        (await engine.RunAsync("Main")).ReadCustomStatusAs<Progress>().Should().Be(new Progress(3, "counting"));
    }

    [Fact]
    public async Task Entities_are_refused_when_not_enabled()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context =>
            {
                try
                {
                    return context.Entities is null ? "none" : "some";
                }
                catch (NotSupportedException)
                {
                    return "not supported";
                }
            }));

        (await engine.ResultAsync<string>("Main")).Should().Be("not supported");
        engine.Client.Invoking(client => client.Entities).Should().Throw<NotSupportedException>();
    }

    private static Task<ConformanceEngine> StartAsync() => ConformanceEngine.StartAsync(tasks => tasks
        .AddOrchestratorFunc<string, string>("Echo", (context, input) =>
        {
            context.SetCustomStatus("echoing");
            return Task.FromResult(input);
        })
        .AddOrchestratorFunc<string>("Wait", context => context.WaitForExternalEvent<string>("never")));

    public sealed record Progress(int Done, string Phase);
}
