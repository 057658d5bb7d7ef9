using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace OmsWorkflows.Operations;

/// <summary>Does nothing: that it could be started is what readiness wants to know.</summary>
public static class EngineProbe
{
    /// <summary>Ends at once.</summary>
    [Function(nameof(ProbeEngine))]
    public static Task ProbeEngine([OrchestrationTrigger] TaskOrchestrationContext context) => Task.CompletedTask;
}
