using System.Diagnostics;
using DurableTask.Core;

namespace DurableTask.Sqlite.Tests;

/// <summary>More work at once than there is room for in memory.</summary>
[Collection(nameof(Alone))]
public sealed class LoadTests(ITestOutputHelper output)
{
    private const int Mebibyte = 1024 * 1024;

    private static Hub Make(Action<SqliteOrchestrationServiceOptions>? configure = null) => new Hub(configure)
        .Orchestration("Echo", (_, input) => Task.FromResult(input))
        .Orchestration("Wait", async (context, _) =>
        {
            using var limit = new CancellationTokenSource();
            var timer = context.CreateTimer(context.CurrentUtcDateTime.AddDays(7), string.Empty, limit.Token);
            var go = Flow.Current.EventAsync("go");
            await Task.WhenAny(timer, go);
            limit.Cancel();
            return await go;
        });

    [Fact]
    public async Task A_hundred_thousand_starts_at_once_all_run_and_leave_nothing_in_memory()
    {
        const int many = 100_000;
        await using var hub = await Make(options => options.MaxCachedInstances = 100).StartAsync();
        await StartAsync(hub, "Echo", 0, 100);
        await UntilEndedAsync(hub, 100);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await StartAsync(hub, "Echo", 100, many);
        await UntilEndedAsync(hub, many);

        await Eventually.TrueAsync(() => hub.Service.IsIdle);
        (GC.GetTotalMemory(forceFullCollection: true) - before).Should().BeLessThan(32 * Mebibyte, "an ended instance is on disk only");
        hub.Service.InstancesInMemory.Should().BeLessThanOrEqualTo(100);
        Sql.Number(hub.DatabasePath, "SELECT count(*) FROM inbox").Should().Be(0);
    }

    [Fact]
    public async Task Thirty_thousand_waiting_instances_are_on_disk_and_each_is_found_when_its_event_comes()
    {
        const int many = 30_000;
        await using var hub = await Make(options => options.MaxCachedInstances = 100).StartAsync();
        await StartAsync(hub, "Wait", 0, 200);
        await Eventually.TrueAsync(() => hub.Service.IsIdle);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await StartAsync(hub, "Wait", 200, many);
        await Eventually.TrueAsync(() => hub.Service.IsIdle);

        (GC.GetTotalMemory(forceFullCollection: true) - before).Should()
            .BeLessThan(16 * Mebibyte, "an instance that waits is on disk only");
        Sql.Number(hub.DatabasePath, "SELECT count(*) FROM timers").Should().Be(many);

        var watch = Stopwatch.StartNew();
        for (var n = 0; n < 100; n++)
        {
            var instance = new OrchestrationInstance { InstanceId = $"Wait-{n * 300}" };
            await hub.Client.RaiseEventAsync(instance, "go", $"{n}");
            (await hub.EndAsync(instance)).Should().Be($"{n}");
        }

        output.WriteLine($"event to end, one after the other: {watch.Elapsed.TotalMilliseconds / 100:F2} ms each");
    }

    [Fact]
    public async Task Events_raised_all_at_once_while_the_instance_is_suspended_are_taken_in_the_end()
    {
        await using var hub = await new Hub()
            .Orchestration("Sum", async (_, _) =>
            {
                var (flow, sum) = (Flow.Current, 0);
                for (var n = 0; n < 1_000; n++)
                {
                    sum += int.Parse(await flow.EventAsync("n"));
                }

                return $"{sum}";
            })
            .StartAsync();
        var instance = await hub.BeginAsync("Sum");
        await hub.Client.SuspendInstanceAsync(instance);
        await hub.StatusAsync(instance.InstanceId, OrchestrationStatus.Suspended);

        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(n => hub.Client.RaiseEventAsync(instance, "n", $"{n}")));
        await hub.Client.ResumeInstanceAsync(instance);

        (await hub.EndAsync(instance)).Should().Be($"{Enumerable.Range(0, 1_000).Sum()}");
    }

    private static Task<OrchestrationInstance[]> StartAsync(Hub hub, string name, int from, int to)
        => Task.WhenAll(Enumerable.Range(from, to - from).Select(n => hub.BeginAsync(name, "twelve chars", $"{name}-{n}")));

    private static Task UntilEndedAsync(Hub hub, int count) => Eventually.TrueAsync(
        () => Sql.Number(hub.DatabasePath, "SELECT count(*) FROM instances WHERE status = 1") == count,
        $"{count} have ended");
}
