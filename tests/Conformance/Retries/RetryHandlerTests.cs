namespace OmsWorkflows.Conformance.Retries;

public sealed class RetryHandlerTests
{
    [Fact]
    public async Task Handler_decides_by_exception_type()
    {
        var attempts = 0;
        await using var engine = await StartAsync(
            TaskOptions.FromRetryHandler(retry => retry.LastFailure.IsCausedBy<TimeoutException>()),
            () => ++attempts < 4 ? new TimeoutException("again") : new ArgumentException("give up"));

        (await engine.ResultAsync<string>("Main")).Should().Be("give up");
        attempts.Should().Be(4);
    }

    [Fact]
    public async Task Handler_is_told_the_attempt_and_the_failure()
    {
        var attempts = 0;
        var told = new List<string>();
        await using var engine = await StartAsync(
            TaskOptions.FromRetryHandler(retry =>
            {
                var line = $"{retry.LastAttemptNumber}: {retry.LastFailure.ErrorMessage}";
                if (!told.Contains(line))
                    told.Add(line);
                return retry.LastAttemptNumber < 3;
            }),
            () => new InvalidOperationException($"attempt {++attempts}"));

        (await engine.ResultAsync<string>("Main")).Should().Be("attempt 3");
        told.Should().Equal("1: attempt 1", "2: attempt 2", "3: attempt 3");
    }

    [Fact]
    public async Task Asynchronous_handler_may_wait_for_a_timer()
    {
        var attempts = 0;
        await using var engine = await StartAsync(
            TaskOptions.FromRetryHandler(async retry =>
            {
                await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMilliseconds(50), CancellationToken.None);
                return true;
            }),
            () => ++attempts < 3 ? new InvalidOperationException("not yet") : null);

        (await engine.ResultAsync<string>("Main")).Should().Be("done");
        attempts.Should().Be(3);
    }

    [Fact]
    public async Task Handler_decides_over_a_sub_orchestration()
    {
        var attempts = 0;
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context => context.CallSubOrchestratorAsync<string>(
                "Sub", options: TaskOptions.FromRetryHandler(retry => retry.LastAttemptNumber < 5)))
            .AddOrchestratorFunc<string>("Sub", context => context.CallActivityAsync<string>("Flaky"))
            .AddActivityFunc<object?, string>("Flaky", (_, _) =>
                ++attempts < 3 ? Task.FromException<string>(new InvalidOperationException("not yet")) : Task.FromResult("done")));

        (await engine.ResultAsync<string>("Main")).Should().Be("done");
        attempts.Should().Be(3);
    }

    [Fact]
    public async Task Handler_is_not_asked_about_an_unknown_activity()
    {
        var asked = 0;
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                try
                {
                    return await context.CallActivityAsync<string>("NobodyKnows", options: TaskOptions.FromRetryHandler(_ =>
                    {
                        asked++;
                        return asked < 3;
                    }));
                }
                catch (TaskFailedException e)
                {
                    return e.FailureDetails.ErrorType;
                }
            }));

        (await engine.ResultAsync<string>("Main")).Should().Be("ActivityTaskNotFound");
        asked.Should().Be(0);
    }

    private static Task<ConformanceEngine> StartAsync(TaskOptions options, Func<Exception?> attempt)
        => ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", async context =>
            {
                try
                {
                    return await context.CallActivityAsync<string>("Flaky", options: options);
                }
                catch (TaskFailedException e)
                {
                    return e.FailureDetails.ErrorMessage;
                }
            })
            .AddActivityFunc<object?, string>("Flaky", (_, _) =>
                attempt() is { } failure ? Task.FromException<string>(failure) : Task.FromResult("done")));
}
