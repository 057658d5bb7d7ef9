using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DurableTask.Testing.Tests;

public sealed class FunctionTasksTests
{
    [Fact]
    public async Task Orchestrators_and_activities_are_found_by_attribute_and_get_their_services()
    {
        var effects = new Effects();
        await using var host = await Deposits.StartAsync(effects);

        (await Deposits.RunAsync(host)).Should().Be("100 booked, receipt for code 2");

        effects.Done.Should().ContainKey("booking").WhoseValue.Should().Be(1);
    }

    [Theory]
    [InlineData(typeof(WithEntity), "Counter", "entities")]
    [InlineData(typeof(WithContext), "Look", "context")]
    [InlineData(typeof(WithValueTask), "Wait", "ValueTask")]
    public void What_the_host_cannot_run_is_refused_by_name(Type type, string function, string why)
    {
        var adding = () => new DurableTaskRegistry().AddFunctions(type);

        adding.Should().Throw<InvalidOperationException>().Which.Message.Should().Contain($"'{function}'").And.Contain(why);
    }

    [Fact]
    public async Task A_name_nobody_registered_fails_without_being_retried()
    {
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc("Calls", context => context.CallActivityAsync(
                "missing", TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1))))));

        var orchestrator = await EndAsync(host, "Missing");
        var activity = await EndAsync(host, "Calls");

        orchestrator.FailureDetails!.ErrorType.Should().Be("OrchestratorTaskNotFound");
        activity.FailureDetails!.InnerFailure!.ErrorType.Should().Be("ActivityTaskNotFound");
        (activity.LastUpdatedAt - activity.CreatedAt).Should().BeLessThan(TimeSpan.FromHours(1));
    }

    private static async Task<OrchestrationMetadata> EndAsync(DurableTaskTestHost host, string orchestration)
    {
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync(orchestration);
        return await host.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
    }

    private static class WithEntity
    {
        [Function(nameof(Counter))]
        public static Task Counter([EntityTrigger] TaskEntityDispatcher dispatcher) => dispatcher.DispatchAsync<object>();
    }

    private static class WithContext
    {
        [Function(nameof(Look))]
        public static string Look([ActivityTrigger] string at, FunctionContext context) => at + context.InvocationId;
    }

    private static class WithValueTask
    {
        [Function(nameof(Wait))]
        public static ValueTask Wait([ActivityTrigger] string what) => ValueTask.CompletedTask;
    }
}
