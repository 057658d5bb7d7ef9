using DurableTask.Core;
using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite.Tests.Storage;

/// <summary>What the service has acknowledged is on the disk, not in a cache in front of it.</summary>
[Collection(nameof(Alone))]
public sealed class PowerFailureTests
{
    private static Hub Make(DirectoryInfo folder) => new Hub(folder: folder)
        .Orchestration("Next", async (context, n) => await context.ScheduleTask<string>("Add", string.Empty, n))
        .Orchestration("Wait", async (_, _) =>
        {
            var flow = Flow.Current;
            return await flow.EventAsync("go") + await flow.EventAsync("go");
        })
        .Activity("Add", n => n + "+1");

    [Fact]
    public async Task What_was_acknowledged_survives_a_power_failure()
    {
        var folder = Directory.CreateTempSubdirectory("dt-power-");
        using (var disk = new DiskWithCache(folder.FullName))
        {
            await using var hub = await Make(folder).StartAsync();
            for (var round = 0; round < 5; round++)
            {
                var waiting = await hub.BeginAsync("Wait", id: $"wait-{round}");
                await hub.Client.RaiseEventAsync(waiting, "go", "one");
                await hub.RunAsync("Next", $"{round}", $"next-{round}");

                var survivors = disk.CutPower();

                await CheckAsync(survivors, round);
            }

            disk.Syncs.Should().BeGreaterThan(0);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Power_that_fails_at_any_moment_of_a_busy_service_leaves_a_sound_database_with_all_that_was_acknowledged()
    {
        var folder = Directory.CreateTempSubdirectory("dt-power-");
        using (var disk = new DiskWithCache(folder.FullName))
        {
            await using var hub = await Make(folder).StartAsync();
            for (var round = 0; round < 8; round++)
            {
                var from = round * 100;
                var runs = Enumerable.Range(from, 100).Select(n => hub.RunAsync("Next", $"{n}", $"next-{n}")).ToList();
                await Task.WhenAny(runs);
                var acknowledged = runs.Select((run, n) => (run, Id: $"next-{from + n}")).Where(one => one.run.IsCompleted).ToList();

                var survivors = disk.CutPower();

                await using (var after = await Make(survivors).StartAsync())
                {
                    foreach (var (_, id) in acknowledged)
                    {
                        after.Service.FindState(id, false)!.OrchestrationStatus.Should()
                            .Be(OrchestrationStatus.Completed, $"the end of {id} was announced");
                    }

                    // What had begun goes on from where the disk has it.
                    await Eventually.TrueAsync(() => after.Service.IsIdle);
                    Sql.Number(after.DatabasePath, "SELECT count(*) FROM instances WHERE status <> 1").Should().Be(0);
                    Sql.Number(after.DatabasePath, "SELECT count(*) FROM inbox").Should().Be(0);
                    Sql.Number(after.DatabasePath, "SELECT count(*) FROM activities").Should().Be(0);
                }

                survivors.Delete(recursive: true);
                await Task.WhenAll(runs);
            }
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public void The_writer_waits_for_the_disk()
    {
        var folder = Directory.CreateTempSubdirectory("dt-power-");
        var path = Path.Combine(folder.FullName, "d.db");
        using (var connection = new WriterConnection(path, durable: true, DateTimeOffset.UnixEpoch, _ => { }))
        {
            connection.Db.Number("PRAGMA synchronous").Should().Be(2, "that is FULL");
            connection.Db.Text("PRAGMA journal_mode").Should().Be("wal");
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_log_is_moved_into_the_database_beside_the_writer()
    {
        var folder = Directory.CreateTempSubdirectory("dt-power-");
        var path = Path.Combine(folder.FullName, "d.db");
        using (var connection = new WriterConnection(path, durable: true, DateTimeOffset.UnixEpoch, failure => throw failure))
        {
            var empty = new FileInfo(path).Length;

            // Far from what makes the writer do it itself, which is 8,000 pages.
            for (var batch = 0; batch < 3; batch++)
            {
                connection.Db.Execute("BEGIN IMMEDIATE");
                for (var n = 0; n < 1_000; n++)
                {
                    connection.Db["INSERT INTO inputs (input) VALUES (?)"].Bind(1, "any").Execute();
                }

                connection.Commit();
            }

            await Eventually.TrueAsync(() => new FileInfo(path).Length > empty);
        }

        folder.Delete(recursive: true);
    }

    private static async Task CheckAsync(DirectoryInfo survivors, int round)
    {
        await using (var after = await Make(survivors).StartAsync())
        {
            var ended = after.Service.FindState($"next-{round}", true);
            ended.Should().NotBeNull("its start was acknowledged");
            ended!.Output.Should().Be($"\"{round}+1\"", "its end was announced");

            var waiting = new OrchestrationInstance { InstanceId = $"wait-{round}" };
            await after.Client.RaiseEventAsync(waiting, "go", "two");
            (await after.EndAsync(waiting)).Should().Be("onetwo");
        }

        survivors.Delete(recursive: true);
    }
}
