using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;

namespace OmsWorkflows.WebJobsHost;

/// <summary>One orchestration in the extension's own programming model.</summary>
public static class Functions
{
    /// <summary>What the orchestration ended with.</summary>
    public static string? Output { get; private set; }

    [NoAutomaticTrigger]
    public static async Task StartAsync([DurableClient] IDurableOrchestrationClient client)
    {
        var id = await client.StartNewAsync(nameof(OrchestrateAsync));
        DurableOrchestrationStatus status;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            await timer.WaitForNextTickAsync();
            status = await client.GetStatusAsync(id);
        }
        while (status.RuntimeStatus is OrchestrationRuntimeStatus.Pending or OrchestrationRuntimeStatus.Running);
        Output = $"{status.RuntimeStatus}: {status.Output}";
    }

    [FunctionName(nameof(OrchestrateAsync))]
    public static Task<string> OrchestrateAsync([OrchestrationTrigger] IDurableOrchestrationContext context)
        => context.CallActivityAsync<string>(nameof(Greet), "World");

    [FunctionName(nameof(Greet))]
    public static string Greet([ActivityTrigger] string name) => $"Hello {name}";
}
