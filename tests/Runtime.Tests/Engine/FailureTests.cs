using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

public sealed class FailureTests
{
    [Fact]
    public async Task The_failure_of_an_activity_reaches_the_client_with_its_causes()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc("fail", context => context.CallActivityAsync("throw"))
            .AddActivityFunc("throw", _ => throw new InvalidOperationException("outer", new ArgumentException("inner"))));

        var end = await engine.Run("fail");

        end.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed);
        var failure = end.FailureDetails!;
        failure.ErrorType.Should().Be(typeof(TaskFailedException).FullName);
        failure.ErrorMessage.Should().Be("Task 'throw' (#0) failed with an unhandled exception: outer");
        failure.InnerFailure!.IsCausedBy<InvalidOperationException>().Should().BeTrue();
        failure.InnerFailure.InnerFailure!.ErrorMessage.Should().Be("inner");
        end.SerializedOutput.Should().Be(failure.ErrorMessage);
    }

    [Fact]
    public async Task An_activity_nobody_registered_fails_once_without_retry()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("call", async context =>
            {
                try
                {
                    await context.CallActivityAsync("missing", TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1))));
                    return "ran";
                }
                catch (TaskFailedException e)
                {
                    return $"{e.FailureDetails.ErrorType} {e.TaskName} {e.TaskId}";
                }
            }));

        (await engine.Run("call")).ReadOutputAs<string>().Should().Be("ActivityTaskNotFound missing 0");
    }

    [Fact]
    public async Task An_orchestrator_nobody_registered_fails_the_instance()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => { });

        (await engine.Run("missing")).FailureDetails!.ErrorType.Should().Be("OrchestratorTaskNotFound");
    }

    [Fact]
    public async Task A_retry_policy_backs_off_up_to_its_cap()
    {
        var attempts = 0;
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<double>("retry", async context =>
            {
                var start = context.CurrentUtcDateTime;
                await context.CallActivityAsync("flaky", TaskOptions.FromRetryPolicy(
                    new RetryPolicy(5, TimeSpan.FromMinutes(1), 2, TimeSpan.FromMinutes(3))));
                return (context.CurrentUtcDateTime - start).TotalMinutes;
            })
            .AddActivityFunc("flaky", _ =>
            {
                if (++attempts < 5)
                {
                    throw new TimeoutException();
                }
            }));

        (await engine.Run("retry")).ReadOutputAs<double>().Should().BeInRange(9, 9.5, "1 + 2 + 3 + 3 minutes");
        attempts.Should().Be(5);
    }

    [Fact]
    public async Task A_retry_handler_decides_by_the_type_of_the_failure()
    {
        var attempts = 0;
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int>("retry", async context =>
            {
                try
                {
                    await context.CallActivityAsync("flaky", TaskOptions.FromRetryHandler(retry =>
                        retry.LastFailure.IsCausedBy<TimeoutException>() && retry.LastAttemptNumber < 10));
                    return -1;
                }
                catch (TaskFailedException e) when (e.FailureDetails.IsCausedBy<ArgumentException>())
                {
                    return attempts;
                }
            })
            .AddActivityFunc("flaky", _ => throw (++attempts < 4 ? new TimeoutException() : new ArgumentException("no"))));

        (await engine.Run("retry")).ReadOutputAs<int>().Should().Be(4);
    }

    [Fact]
    public async Task HandleFailure_ends_the_attempts()
    {
        var attempts = 0;
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc("retry", context => context.CallActivityAsync("bad", TaskOptions.FromRetryPolicy(
                new RetryPolicy(5, TimeSpan.FromSeconds(1)) { HandleFailure = failure => failure.IsCausedBy<TimeoutException>() })))
            .AddActivityFunc("bad", _ =>
            {
                attempts++;
                throw new ArgumentException("no");
            }));

        (await engine.Run("retry")).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed);
        attempts.Should().Be(1);
    }

    [Fact]
    public async Task A_failed_sub_orchestration_is_retried_and_its_failure_arrives()
    {
        var runs = 0;
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string>("parent", async context =>
            {
                try
                {
                    await context.CallSubOrchestratorAsync("child", TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMinutes(1))));
                    return "no failure";
                }
                catch (TaskFailedException e)
                {
                    return e.FailureDetails.ErrorMessage;
                }
            })
            .AddOrchestratorFunc("child", context =>
            {
                runs++;
                throw new InvalidOperationException("child failed");
            }));

        (await engine.Run("parent")).ReadOutputAs<string>().Should().Be("child failed");
        runs.Should().Be(3);
    }

    [Fact]
    public async Task An_input_that_cannot_be_read_fails_the_instance()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("number", (_, n) => n));

        (await engine.Run("number", "text")).FailureDetails!.ErrorType.Should().Be("System.Text.Json.JsonException");
    }

    [Fact]
    public async Task A_run_ends_only_when_its_open_tasks_have_ended()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc("leaves", async context =>
            {
                _ = context.CreateTimer(TimeSpan.FromHours(2), CancellationToken.None);
                await context.CallActivityAsync("noop");
            })
            .AddActivityFunc("noop", _ => { }));

        var end = await engine.Run("leaves");

        (end.LastUpdatedAt - end.CreatedAt).Should().BeGreaterThanOrEqualTo(TimeSpan.FromHours(2));
    }
}
