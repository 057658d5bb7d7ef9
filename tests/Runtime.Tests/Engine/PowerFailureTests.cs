using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Local.Runtime.Engine;
using OmsWorkflows.Local.Runtime.Engine.Storage;
using OmsWorkflows.Local.Runtime.Tests.Engine.Simulation;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

/// <summary>What the engine has acknowledged is on the disk, not in a cache in front of it.</summary>
public sealed class PowerFailureTests
{
    private static void Tasks(DurableTaskRegistry tasks) => tasks
        .AddOrchestratorFunc<int, int>("next", (context, n) => context.CallActivityAsync<int>("add", n))
        .AddOrchestratorFunc<string?, string>("wait", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            return await context.WaitForExternalEvent<string>("go") + await context.WaitForExternalEvent<string>("go");
        })
        .AddActivityFunc<int, int>("add", (_, n) => n + 1);

    [Fact]
    public async Task What_was_acknowledged_survives_a_power_failure()
    {
        await using var engine = new EngineFixture(Tasks, options => options.Durable = true);
        using var disk = new DiskWithCache(Path.GetDirectoryName(engine.DatabasePath)!);
        await engine.StartAsync();

        for (var round = 0; round < 5; round++)
        {
            var waiting = await engine.Start("wait", null, new StartOrchestrationOptions($"wait-{round}"));
            await engine.Client.RaiseEventAsync(waiting, "go", "one");
            await engine.End(await engine.Start("next", round, new StartOrchestrationOptions($"next-{round}")));
            await CheckSurvivorsAsync(disk.CutPower(), round);
        }

        disk.Syncs.Should().BeGreaterThan(0);
    }

    [Fact]
    public void The_writer_waits_for_the_disk_unless_told_otherwise()
    {
        var directory = Directory.CreateTempSubdirectory("durable-");
        try
        {
            using var connection = new WriterConnection(Path.Combine(directory.FullName, "d.db"), new DurableEngineOptions().Durable, _ => { });

            connection.Db.Number("PRAGMA synchronous").Should().Be(2, "that is FULL");
            connection.Db.Text("PRAGMA journal_mode").Should().Be("wal");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_log_is_moved_into_the_database_beside_the_writer()
    {
        var directory = Directory.CreateTempSubdirectory("checkpoint-");
        try
        {
            var path = Path.Combine(directory.FullName, "d.db");
            using var connection = new WriterConnection(path, durable: true, failure => throw failure);
            var empty = new FileInfo(path).Length;

            // Far from what makes the writer do it itself, which is 8,000 pages.
            for (var batch = 0; batch < 3; batch++)
            {
                connection.Db.Execute("BEGIN IMMEDIATE");
                for (var n = 0; n < 1_000; n++)
                {
                    connection.Insert(new NewInstance($"{batch}-{n}", "any", string.Empty, null, DateTime.UtcNow, null, null, null));
                }

                connection.Commit();
            }

            SpinWait.SpinUntil(() => new FileInfo(path).Length > empty, TimeSpan.FromSeconds(20)).Should().BeTrue();
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static async Task CheckSurvivorsAsync(DirectoryInfo survivors, int round)
    {
        await using (var after = new EngineFixture(Tasks, options => options.DatabasePath = Path.Combine(survivors.FullName, "durable.db")))
        {
            await after.StartAsync();
            var ended = await after.Client.GetInstanceAsync($"next-{round}", true);
            ended.Should().NotBeNull("its start was acknowledged");
            ended!.RuntimeStatus.Should().Be(OrchestrationRuntimeStatus.Completed, "its end was announced");
            ended.ReadOutputAs<int>().Should().Be(round + 1);

            await after.Client.RaiseEventAsync($"wait-{round}", "go", "two");
            (await after.End($"wait-{round}")).ReadOutputAs<string>().Should().Be("onetwo");
        }

        survivors.Delete(recursive: true);
    }
}
