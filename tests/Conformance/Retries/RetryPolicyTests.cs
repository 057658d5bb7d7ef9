namespace OmsWorkflows.Conformance.Retries;

public sealed class RetryPolicyTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Activity_is_tried_until_it_succeeds()
    {
        var attempts = 0;
        await using var engine = await StartAsync(
            new RetryPolicy(5, Short), () => ++attempts < 3 ? new InvalidOperationException("not yet") : null);

        (await engine.ResultAsync<Outcome>("Main")).Result.Should().Be("done");
        attempts.Should().Be(3);
    }

    [Fact]
    public async Task Last_failure_is_thrown_when_the_attempts_are_used_up()
    {
        var attempts = 0;
        await using var engine = await StartAsync(
            new RetryPolicy(3, Short), () => new InvalidOperationException($"attempt {++attempts}"));

        (await engine.ResultAsync<Outcome>("Main")).Result.Should().Be("attempt 3");
        attempts.Should().Be(3);
    }

    [Fact]
    public async Task One_attempt_means_no_retry()
    {
        var attempts = 0;
        await using var engine = await StartAsync(
            new RetryPolicy(1, Short), () => new InvalidOperationException($"attempt {++attempts}"));

        (await engine.ResultAsync<Outcome>("Main")).Result.Should().Be("attempt 1");
        attempts.Should().Be(1);
    }

    [Fact, ThroughHost]
    public async Task Delay_grows_by_the_back_off_coefficient()
    {
        await using var engine = await StartAsync(
            new RetryPolicy(4, TimeSpan.FromMilliseconds(100), backoffCoefficient: 2), () => new InvalidOperationException("no"));

        var outcome = await engine.ResultAsync<Outcome>("Main");

        outcome.Took.Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(100 + 200 + 400));
    }

    [Fact, ThroughHost]
    public async Task Delay_is_capped()
    {
        await using var engine = await StartAsync(
            new RetryPolicy(4, TimeSpan.FromMilliseconds(100), backoffCoefficient: 100, maxRetryInterval: TimeSpan.FromMilliseconds(150)),
            () => new InvalidOperationException("no"));

        var outcome = await engine.ResultAsync<Outcome>("Main");

        outcome.Took.Should().BeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(100 + 150 + 150))
            .And.BeLessThan(TimeSpan.FromMinutes(10), "uncapped, the third delay alone is a thousand seconds");
    }

    [Fact]
    public async Task Retry_timeout_ends_the_attempts()
    {
        var attempts = 0;
        await using var engine = await StartAsync(
            new RetryPolicy(1_000, TimeSpan.FromMilliseconds(100), retryTimeout: TimeSpan.FromMilliseconds(450)),
            () => new InvalidOperationException($"attempt {++attempts}"));

        var outcome = await engine.ResultAsync<Outcome>("Main");

        outcome.Result.Should().StartWith("attempt ");
        attempts.Should().BeInRange(2, 6);
    }

    [Fact]
    public async Task Failure_the_filter_refuses_is_not_retried()
    {
        var attempts = 0;
        var policy = new RetryPolicy(5, Short) { HandleFailure = failure => failure.IsCausedBy<TimeoutException>() };
        await using var engine = await StartAsync(
            policy, () => ++attempts < 3 ? new TimeoutException("again") : new ArgumentException("never again"));

        (await engine.ResultAsync<Outcome>("Main")).Result.Should().Be("never again");
        attempts.Should().Be(3);
    }

    [Fact]
    public async Task Sub_orchestration_is_tried_until_it_succeeds()
    {
        var attempts = 0;
        await using var engine = await ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("Main", context =>
                context.CallSubOrchestratorAsync<string>("Sub", options: TaskOptions.FromRetryPolicy(new RetryPolicy(5, Short))))
            .AddOrchestratorFunc<string>("Sub", context => context.CallActivityAsync<string>("Flaky"))
            .AddActivityFunc<object?, string>("Flaky", (_, _) =>
                ++attempts < 3 ? Task.FromException<string>(new InvalidOperationException("not yet")) : Task.FromResult("done")));

        (await engine.ResultAsync<string>("Main")).Should().Be("done");
        attempts.Should().Be(3);
    }

    [Theory]
    [InlineData(0, 100, 1.0, null, null)]
    [InlineData(1, 0, 1.0, null, null)]
    [InlineData(1, 100, 0.9, null, null)]
    [InlineData(1, 100, 1.0, 50, null)]
    [InlineData(1, 100, 1.0, null, 50)]
    public void Policy_that_makes_no_sense_is_refused(int attempts, int first, double coefficient, int? cap, int? timeout)
    {
        var make = () => new RetryPolicy(
            attempts,
            TimeSpan.FromMilliseconds(first),
            coefficient,
            cap is null ? null : TimeSpan.FromMilliseconds(cap.Value),
            timeout is null ? null : TimeSpan.FromMilliseconds(timeout.Value));

        make.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static Task<ConformanceEngine> StartAsync(RetryPolicy policy, Func<Exception?> attempt)
        => ConformanceEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<Outcome>("Main", async context =>
            {
                var start = context.CurrentUtcDateTime;
                string result;
                try
                {
                    result = await context.CallActivityAsync<string>("Flaky", options: TaskOptions.FromRetryPolicy(policy));
                }
                catch (TaskFailedException e)
                {
                    result = e.FailureDetails.ErrorMessage;
                }

                return new Outcome(result, context.CurrentUtcDateTime - start);
            })
            .AddActivityFunc<object?, string>("Flaky", (_, _) =>
                attempt() is { } failure ? Task.FromException<string>(failure) : Task.FromResult("done")));

    public sealed record Outcome(string Result, TimeSpan Took);
}
