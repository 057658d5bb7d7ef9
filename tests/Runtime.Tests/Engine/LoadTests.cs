using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

/// <summary>More work at once than there is room for in memory. Run alone: the memory of the process is looked at.</summary>
[Collection(Alone)]
public sealed class LoadTests
{
    private const string Alone = "alone";
    private const int Many = 100_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static void Tasks(DurableTaskRegistry tasks) => tasks
        .AddOrchestratorFunc<string, int>("length", (_, text) => text.Length)
        .AddOrchestratorFunc<int>("wait", context => context.WaitForExternalEvent<int>("go"))
        .AddOrchestratorFunc<int>("sum", async context =>
        {
            var sum = 0;
            for (var n = 0; n < 1_000; n++)
            {
                sum += await context.WaitForExternalEvent<int>("number");
            }

            return sum;
        });

    [Fact]
    public async Task A_hundred_thousand_starts_at_once_all_run_and_leave_nothing_in_memory()
    {
        await using var engine = await EngineFixture.StartAsync(Tasks);
        using var patience = new CancellationTokenSource(Patience);
        await StartManyAsync(engine, "length", 100, patience.Token);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await StartManyAsync(engine, "length", Many, patience.Token);

        for (var n = 0; n < Many; n++)
        {
            (await engine.Client.WaitForInstanceCompletionAsync($"length-{n}", patience.Token)).RuntimeStatus
                .Should().Be(OrchestrationRuntimeStatus.Completed);
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(32 * 1024 * 1024, "an ended instance is on disk only");
    }

    [Fact]
    public async Task Thirty_thousand_waiting_instances_keep_no_more_in_memory_than_the_cache_holds()
    {
        const int waiting = 30_000;
        await using var engine = await EngineFixture.StartAsync(Tasks, options => options.MaxCachedExecutions = 100);
        using var patience = new CancellationTokenSource(Patience);
        await StartManyAsync(engine, "wait", 200, patience.Token);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await StartManyAsync(engine, "wait", waiting, patience.Token);
        for (var n = 0; n < waiting; n++)
        {
            await engine.Client.WaitForInstanceStartAsync($"wait-{n}", patience.Token);
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(16 * 1024 * 1024, "an instance that waits is on disk only");
        await engine.Client.RaiseEventAsync("wait-17", "go", 17, patience.Token);
        (await engine.End("wait-17")).ReadOutputAs<int>().Should().Be(17);
    }

    [Fact]
    public async Task Events_raised_all_at_once_while_the_instance_is_suspended_are_taken_in_the_end()
    {
        await using var engine = await EngineFixture.StartAsync(Tasks);
        var id = await engine.Start("sum");
        await engine.Client.SuspendInstanceAsync(id);
        await engine.Status(id, OrchestrationRuntimeStatus.Suspended);

        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(n => engine.Client.RaiseEventAsync(id, "number", n)));
        await engine.Client.ResumeInstanceAsync(id);

        (await engine.End(id)).ReadOutputAs<int>().Should().Be(Enumerable.Range(0, 1_000).Sum());
    }

    private static async Task StartManyAsync(EngineFixture engine, string name, int count, CancellationToken cancellation) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(n => engine.Client.ScheduleNewOrchestrationInstanceAsync(
            name, "twelve chars", new StartOrchestrationOptions($"{name}-{n}") { DedupeStatuses = [] }, cancellation)));

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneDefinition;
}
