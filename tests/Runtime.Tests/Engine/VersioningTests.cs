using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

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
        await using var engine = await EngineFixture.StartAsync(Same, options => options.Versioning = new()
        {
            Version = "2.0",
            MatchStrategy = strategy,
            FailureStrategy = DurableTaskWorkerOptions.VersionFailureStrategy.Fail,
        });

        var end = await engine.End(await engine.Start("same", 1, new StartOrchestrationOptions { Version = version }));

        end.RuntimeStatus.Should().Be(expected);
        (end.FailureDetails?.ErrorType ?? "none").Should().Be(expected == OrchestrationRuntimeStatus.Failed ? "VersionMismatch" : "none");
    }

    [Fact]
    public async Task A_rejected_version_waits_for_a_worker_that_takes_it()
    {
        DurableTaskWorkerOptions.VersioningOptions versioning = new()
        {
            Version = "1.0",
            MatchStrategy = DurableTaskWorkerOptions.VersionMatchStrategy.Strict,
        };
        await using var engine = await EngineFixture.StartAsync(Same, options => options.Versioning = versioning);
        var id = await engine.Start("same", 1, new StartOrchestrationOptions { Version = "2.0" });
        (await engine.Client.GetInstanceAsync(id))!.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Pending);

        await engine.StopAsync();
        versioning.Version = "2.0";
        await engine.StartAsync();

        (await engine.End(id)).RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Completed);
    }

    [Fact]
    public async Task Versions_of_one_name_run_side_by_side()
    {
        await using var engine = await EngineFixture.StartAsync(tasks => tasks
            .AddOrchestratorFunc<object?, string>("which", new TaskVersion("1"), (_, _) => Task.FromResult("one"))
            .AddOrchestratorFunc<object?, string>("which", new TaskVersion("2"), (_, _) => Task.FromResult("two")));

        async Task<OrchestrationMetadata> RunAt(string version) =>
            await engine.End(await engine.Start("which", null, new StartOrchestrationOptions { Version = version }));

        (await RunAt("1")).ReadOutputAs<string>().Should().Be("one");
        (await RunAt("2")).ReadOutputAs<string>().Should().Be("two");
        (await RunAt("3")).FailureDetails!.ErrorType.Should().Be("OrchestratorTaskNotFound");
    }

    private static void Same(DurableTaskRegistry tasks) => tasks.AddOrchestratorFunc<int, int>("same", (_, n) => n);
}
