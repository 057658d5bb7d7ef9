using DurableTask.Core;

namespace DurableTask.Sqlite.Tests;

/// <summary>An event that nobody waits for yet is on disk, whatever the memory of the process still knows of it.</summary>
public sealed class BufferedEventsTests
{
    [Fact]
    public async Task An_event_that_goes_along_when_an_orchestration_continues_as_new_survives_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("dt-sqlite-");
        Hub Make() => new Hub(folder: folder).Orchestration("Carry", async (context, generation) =>
        {
            var flow = Flow.Current;
            if (generation.Length == 0)
            {
                await flow.EventAsync("begin");
                context.ContinueAsNew("second");
                return string.Empty;
            }

            flow.Status = generation;
            return await flow.EventAsync("go") + await flow.EventAsync("early");
        });
        var carry = new OrchestrationInstance { InstanceId = "carry" };
        await using (var first = Make())
        {
            await first.BeginAsync("Carry", id: "carry");
            await first.Client.RaiseEventAsync(carry, "begin", string.Empty);
            await first.Client.RaiseEventAsync(carry, "early", " early");
            await first.StartAsync();
            await first.StatusAsync("carry", "second");
        }

        await using (var second = await Make().StartAsync())
        {
            await second.Client.RaiseEventAsync(carry, "go", "went");

            (await second.EndAsync(carry)).Should().Be("went early");
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_event_that_came_during_a_turn_survives_a_kill_after_it()
    {
        var folder = Directory.CreateTempSubdirectory("dt-sqlite-");
        Hub Make(Action<SqliteOrchestrationServiceOptions>? configure = null) => new Hub(configure, folder)
            .Orchestration("Wait", async (_, _) => await Flow.Current.EventAsync("go"));
        var isKilled = false;
        var (entered, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using (var first = Make(options => options.Seams.AfterCommit = _ =>
        {
            if (Volatile.Read(ref isKilled))
            {
                throw new SimulatedCrashException("after the turn");
            }
        }))
        {
            first.Worker.AddOrchestrationDispatcherMiddleware(async (_, next) =>
            {
                await next();
                entered.TrySetResult();
                await released.Task;
            });
            await first.StartAsync();
            var instance = await first.BeginAsync("Wait", id: "wait");
            await entered.Task.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
            await first.Client.RaiseEventAsync(instance, "go", "went");

            Volatile.Write(ref isKilled, true);
            released.SetResult();
            await first.Service.Crashed.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        }

        await using (var second = await Make().StartAsync())
        {
            (await second.EndAsync(new OrchestrationInstance { InstanceId = "wait" })).Should().Be("went");
        }

        folder.Delete(recursive: true);
    }
}
