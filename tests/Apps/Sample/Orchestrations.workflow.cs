using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace OmsWorkflows.SampleApp;

/// <summary>The building blocks of a journey: activities, a sub-orchestration, a durable timer, an event.</summary>
public static class Orchestrations
{
    [Function(nameof(Journey))]
    public static async Task<string> Journey([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var name = context.GetInput<string>() ?? "nobody";
        var greeting = await context.CallActivityAsync<string>(nameof(Activities.Greet), name);
        var length = await context.CallSubOrchestratorAsync<int>(nameof(Measure), greeting);
        await context.CreateTimer(TimeSpan.FromMilliseconds(200), CancellationToken.None);
        context.SetCustomStatus(new { Awaiting = "an answer", Length = length });
        var answer = await context.WaitForExternalEvent<string>("answer");
        return $"{greeting} ({length}): {answer}";
    }

    [Function(nameof(Measure))]
    public static Task<int> Measure([OrchestrationTrigger] TaskOrchestrationContext context)
        => context.CallActivityAsync<int>(nameof(Activities.LengthOf), context.GetInput<string>());

    [Function(nameof(Five))]
    public static async Task<int> Five([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var sum = 0;
        for (var step = 0; step < 5; step++)
            sum = await context.CallActivityAsync<int>(nameof(Activities.AddOne), sum);
        return sum;
    }

    [Function(nameof(Fails))]
    public static async Task<string> Fails([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            return await context.CallActivityAsync<string>(nameof(Activities.Throw));
        }
        catch (TaskFailedException e)
        {
            return $"{e.FailureDetails.ErrorType}: {e.FailureDetails.ErrorMessage}";
        }
    }

    /// <summary>Runs one activity that lasts until a file is there, and runs it again when it fails; its input is the folder.</summary>
    [Function(nameof(Patient))]
    public static Task<string> Patient([OrchestrationTrigger] TaskOrchestrationContext context)
        => context.CallActivityAsync<string>(nameof(Activities.Wait), context.GetInput<string>(), ThreeTimes);

    private static readonly TaskOptions ThreeTimes = TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(100)));
}
