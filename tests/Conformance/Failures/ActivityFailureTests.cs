namespace OmsWorkflows.Conformance.Failures;

public sealed class ActivityFailureTests
{
    [Fact, ThroughHost]
    public async Task Orchestrator_catches_the_failure_with_its_details()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Fail");
                    return "no failure";
                }
                catch (TaskFailedException e)
                {
                    return $"{e.TaskName}|{e.FailureDetails.ErrorType}|{e.FailureDetails.ErrorMessage}";
                }
            })
            .AddFailingActivity("Fail", () => new InvalidOperationException("out of order")));

        (await engine.ResultAsync<string>("Main")).Should().Be("Fail|System.InvalidOperationException|out of order");
    }

    [Fact, ThroughHost]
    public async Task Message_of_the_exception_names_task_and_cause()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Fail");
                    return "no failure";
                }
                catch (TaskFailedException e)
                {
                    return e.Message;
                }
            })
            .AddFailingActivity("Fail", () => new InvalidOperationException("out of order")));

        (await engine.ResultAsync<string>("Main")).Should().Be(
            "Task 'Fail' (#0) failed with an unhandled exception: out of order");
    }

    [Fact, ThroughHost]
    public async Task Inner_causes_come_along()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string[]>("Main", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Fail");
                    return [];
                }
                catch (TaskFailedException e)
                {
                    return [.. e.FailureDetails.Chain().Select(cause => $"{cause.ErrorType}: {cause.ErrorMessage}")];
                }
            })
            .AddFailingActivity("Fail", () => new InvalidOperationException(
                "outer", new TimeoutException("middle", new ArgumentException("inner")))));

        (await engine.ResultAsync<string[]>("Main")).Should().Equal(
            "System.InvalidOperationException: outer", "System.TimeoutException: middle", "System.ArgumentException: inner");
    }

    [Fact, ThroughHost]
    public async Task Cause_is_matched_by_type_and_base_type()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<bool[]>("Main", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Fail");
                    return [];
                }
                catch (TaskFailedException e)
                {
                    return
                    [
                        e.FailureDetails.IsCausedBy<LedgerClosedException>(),
                        e.FailureDetails.IsCausedBy<InvalidOperationException>(),
                        e.FailureDetails.IsCausedBy<Exception>(),
                        e.FailureDetails.IsCausedBy<ArgumentException>(),
                    ];
                }
            })
            .AddFailingActivity("Fail", () => new LedgerClosedException("closed")));

        (await engine.ResultAsync<bool[]>("Main")).Should().Equal(true, true, true, false);
    }

    [Fact]
    public async Task Uncaught_failure_fails_the_instance()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context => context.CallActivityAsync<string>("Fail"))
            .AddFailingActivity("Fail", () => new LedgerClosedException("closed")));

        var ended = await engine.RunAsync("Main");

        ended.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed);
        ended.FailureDetails!.ErrorType.Should().Be(typeof(TaskFailedException).FullName);
        ended.FailureDetails.ErrorMessage.Should().Be("Task 'Fail' (#0) failed with an unhandled exception: closed");
        ended.FailureDetails.Chain().Should().Contain(cause => cause.ErrorType == typeof(LedgerClosedException).ToString());
    }

    [Fact]
    public async Task Compensation_runs_after_a_caught_failure()
    {
        var undone = 0;
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Fail");
                }
                catch (TaskFailedException)
                {
                    await context.CallActivityAsync("Undo");
                    return "undone";
                }

                return "no failure";
            })
            .AddFailingActivity("Fail", () => new InvalidOperationException("no"))
            .AddActivityFunc("Undo", _ => { Interlocked.Increment(ref undone); }));

        (await engine.ResultAsync<string>("Main")).Should().Be("undone");
        undone.Should().Be(1);
    }

    [Fact, ThroughHost]
    public async Task WhenAll_waits_for_the_others_before_it_fails()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                var good = context.CallActivityAsync<string>("Good");
                var bad = context.CallActivityAsync<string>("Fail");
                try
                {
                    await Task.WhenAll(bad, good);
                    return "no failure";
                }
                catch (TaskFailedException)
                {
                    return $"{good.IsCompletedSuccessfully} {bad.IsFaulted}";
                }
            })
            .AddActivityFunc<string>("Good", _ => "good")
            .AddFailingActivity("Fail", () => new InvalidOperationException("no")));

        (await engine.ResultAsync<string>("Main")).Should().Be("True True");
    }

    [Fact]
    public async Task Unknown_activity_fails_the_call()
    {
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                try
                {
                    await context.CallActivityAsync("NobodyKnows");
                    return "no failure";
                }
                catch (TaskFailedException e)
                {
                    return e.FailureDetails.ErrorType;
                }
            }));

        (await engine.ResultAsync<string>("Main")).Should().Be("ActivityTaskNotFound");
    }

    public sealed class LedgerClosedException(string message) : InvalidOperationException(message);
}
