using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

public sealed class DeterminismTests
{
    [Theory]
    [InlineData("activity", "Expected activity 'a', but the orchestrator took activity 'b'")]
    [InlineData("timer", "Expected activity 'a', but the orchestrator took a timer")]
    [InlineData("none", "Expected activity 'a', but the orchestrator took no such step")]
    [InlineData("more", "Expected no further step in this turn, but the orchestrator took activity 'b'")]
    public async Task A_replay_that_takes_another_step_fails_with_what_was_expected_and_what_came(string change, string report)
    {
        var changed = false;
        await using var engine = await EngineFixture.StartAsync(
            tasks => tasks
                .AddOrchestratorFunc("drifts", async context =>
                {
                    switch (changed ? change : "original")
                    {
                        case "activity":
                            await context.CallActivityAsync("b");
                            break;
                        case "timer":
                            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                            break;
                        case "more":
                            await Task.WhenAll(context.CallActivityAsync("a"), context.CallActivityAsync("b"));
                            break;
                        case "original":
                            await context.CallActivityAsync("a");
                            break;
                    }

                    context.SetCustomStatus("waiting");
                    await context.WaitForExternalEvent<object?>("go");
                })
                .AddActivityFunc("a", _ => { })
                .AddActivityFunc("b", _ => { }));
        var id = await engine.Start("drifts");
        await engine.Status(id, "waiting");

        await engine.StopAsync();
        changed = true;
        await engine.StartAsync();
        await engine.Client.RaiseEventAsync(id, "go");
        var end = await engine.End(id);

        end.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed);
        end.FailureDetails!.ErrorType.Should().Be("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException");
        end.FailureDetails.ErrorMessage.Should().Contain("differs from history").And.Contain(report);
    }

    public static TheoryData<string> IllegalAwaits => ["delay", "run", "configure", "race", "source"];

    [Theory]
    [MemberData(nameof(IllegalAwaits))]
    public async Task An_await_of_something_that_is_not_durable_is_reported(string kind)
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<string, string>("illegal", async (context, how) =>
            {
                switch (how)
                {
                    case "delay":
                        await Task.Delay(50);
                        break;
                    case "run":
                        await Task.Run(() => Thread.Sleep(50));
                        break;
                    case "configure":
                        await context.CallActivityAsync("noop").ConfigureAwait(false);
                        break;
                    case "race":
                        await Task.WhenAny(context.WaitForExternalEvent<object?>("never"), Task.Delay(50));
                        break;
                    case "source":
                        await new TaskCompletionSource().Task;
                        break;
                }

                await context.CallActivityAsync("noop");
                return "passed unnoticed";
            })
            .AddActivityFunc("noop", _ => { }));

        var end = await engine.Run("illegal", kind);

        end.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Failed, end.SerializedOutput);
        end.FailureDetails!.ErrorMessage.Should().Contain("Await only tasks of the");
    }
}
