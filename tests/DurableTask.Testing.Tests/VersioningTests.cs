using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;

namespace DurableTask.Testing.Tests;

public sealed class VersioningTests
{
    [Theory]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.None, "3.0", OrchestrationRuntimeStatus.Completed)]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.Strict, "2.0", OrchestrationRuntimeStatus.Completed)]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.Strict, "1.0", OrchestrationRuntimeStatus.Failed)]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder, "1.0", OrchestrationRuntimeStatus.Completed)]
    [InlineData(DurableTaskWorkerOptions.VersionMatchStrategy.CurrentOrOlder, "2.1", OrchestrationRuntimeStatus.Failed)]
    public async Task A_worker_of_version_2_takes_what_its_strategy_takes(
        DurableTaskWorkerOptions.VersionMatchStrategy strategy, string version, OrchestrationRuntimeStatus expected)
    {
        await using var host = await DurableTaskTestHost.StartAsync(
            tasks => tasks.AddOrchestratorFunc<int, int>("same", (_, n) => n),
            new()
            {
                ConfigureWorker = worker => worker.Versioning = new()
                {
                    Version = "2.0",
                    MatchStrategy = strategy,
                    FailureStrategy = DurableTaskWorkerOptions.VersionFailureStrategy.Fail,
                },
            });

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("same", 1, new StartOrchestrationOptions { Version = version });
        var end = await host.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);

        end.RuntimeStatus.Should().Be(expected);
        (end.FailureDetails?.ErrorType ?? "none").Should().Be(expected == OrchestrationRuntimeStatus.Failed ? "VersionMismatch" : "none");
    }
}
