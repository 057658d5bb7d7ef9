using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

/// <summary>One trace from the call that starts an orchestration to the last of its activities.</summary>
public sealed class TracingTests
{
    private const string Source = "Microsoft.DurableTask";

    [Fact]
    public async Task Activities_belong_to_the_trace_of_the_start_also_after_a_restart_and_in_sub_orchestrations()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans);
        await using var engine = await EngineFixture.StartAsync(tasks =>
        {
            tasks.AddOrchestratorFunc<string, string>("parent", async (context, input) =>
            {
                await context.WaitForExternalEvent<string>("go");
                return await context.CallSubOrchestratorAsync<string>("child", input);
            });
            tasks.AddOrchestratorFunc<string, string>("child", (context, input) => context.CallActivityAsync<string>("echo", input));
            tasks.AddActivityFunc<string, string>("echo", (_, input) => input);
        });
        using var caller = new Activity("caller").Start();
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("parent", "x");
        caller.Stop();
        await engine.Client.WaitForInstanceStartAsync(id);
        await engine.StopAsync();
        await engine.StartAsync();
        await engine.Client.RaiseEventAsync(id, "go", "now");
        await engine.Client.WaitForInstanceCompletionAsync(id);

        var own = spans.Where(span => span.TraceId == caller.TraceId).ToList();
        var creation = own.Should().ContainSingle(span => span.DisplayName == "create_orchestration:parent").Subject;
        creation.ParentSpanId.Should().Be(caller.SpanId);
        own.Should().ContainSingle(span => span.DisplayName == "activity:echo").Which.ParentSpanId.Should().Be(creation.SpanId);
    }

    [Fact]
    public async Task A_failing_activity_is_marked_without_its_message()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans);
        await using var engine = await EngineFixture.StartAsync(tasks =>
        {
            tasks.AddOrchestratorFunc<string, string>("calls", (context, input) => context.CallActivityAsync<string>("fails-with-a-secret", input));
            tasks.AddActivityFunc<string, string>("fails-with-a-secret", string (_, _) => throw new InvalidOperationException("secret"));
        });
        await engine.Client.WaitForInstanceCompletionAsync(await engine.Client.ScheduleNewOrchestrationInstanceAsync("calls", "x"));

        var span = spans.Should().ContainSingle(span => span.DisplayName == "activity:fails-with-a-secret").Subject;
        span.Status.Should().Be(ActivityStatusCode.Error);
        span.StatusDescription.Should().Be(typeof(InvalidOperationException).FullName);
        span.Events.Should().BeEmpty();
    }

    [Fact]
    public async Task A_database_of_the_first_version_is_brought_forward_with_what_waits_in_it()
    {
        await using var engine = await EngineFixture.StartAsync(tasks =>
        {
            tasks.AddOrchestratorFunc<string, string>("waits", async (context, _) => await context.CallActivityAsync<string>("echo", await context.WaitForExternalEvent<string>("go")));
            tasks.AddActivityFunc<string, string>("echo", (_, input) => input);
        });
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("waits", "x");
        await engine.Client.WaitForInstanceStartAsync(id);
        await engine.StopAsync();
        await using (var database = new SqliteConnection($"Data Source={engine.DatabasePath};Pooling=False"))
        {
            await database.OpenAsync();
            var command = database.CreateCommand();
            command.CommandText = "ALTER TABLE instances DROP COLUMN trace; PRAGMA user_version = 1";
            await command.ExecuteNonQueryAsync();
        }

        await engine.StartAsync();
        await engine.Client.RaiseEventAsync(id, "go", "there");

        (await engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true)).ReadOutputAs<string>().Should().Be("there");
        Schema.CurrentVersion.Should().Be(2);
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Source,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
