using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.SampleApp;

/// <summary>What tests/Benchmarks measures, from inside the worker.</summary>
public sealed class BenchmarkFunctions
{
    private const int EventsPerRun = 50;

    private static readonly ConcurrentDictionary<int, TaskCompletionSource<long>> Reached = new();

    /// <summary>Runs so many five-step orchestrations at once; answers the seconds it took until the last has ended.</summary>
    [Function(nameof(Burst))]
    public async Task<IResult> Burst(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "bursts/{count:int}")] HttpRequest request,
        int count,
        [DurableClient] DurableTaskClient client)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            var id = await client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrations.Five));
            await client.WaitForInstanceCompletionAsync(id);
        }));
        return Results.Text($"{watch.Elapsed.TotalSeconds}");
    }

    /// <summary>Raises so many events one after the other; answers the milliseconds from each to the start of the next activity.</summary>
    [Function(nameof(Latencies))]
    public async Task<IResult> Latencies(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "latencies/{count:int}")] HttpRequest request,
        int count,
        [DurableClient] DurableTaskClient client)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync(nameof(React));
        await client.WaitForInstanceStartAsync(id);
        var times = new double[count];
        for (var n = 0; n < count; n++)
        {
            var reached = Reached[n] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            var raised = Stopwatch.GetTimestamp();
            await client.RaiseEventAsync(id, "go", n);
            times[n] = Stopwatch.GetElapsedTime(raised, await reached.Task).TotalMilliseconds;
        }

        await client.TerminateInstanceAsync(id);
        return Results.Json(times);
    }

    [Function(nameof(React))]
    public static async Task React([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        for (var events = 0; events < EventsPerRun; events++)
            await context.CallActivityAsync(nameof(Reach), await context.WaitForExternalEvent<int>("go"));

        context.ContinueAsNew(null, preserveUnprocessedEvents: true);
    }

    [Function(nameof(Reach))]
    public static void Reach([ActivityTrigger] int number) => Reached[number].TrySetResult(Stopwatch.GetTimestamp());
}
