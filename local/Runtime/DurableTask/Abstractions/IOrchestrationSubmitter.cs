namespace Microsoft.DurableTask.Internal;

/// <summary>Something that can start orchestrations.</summary>
public interface IOrchestrationSubmitter
{
    /// <summary>Starts an orchestration.</summary>
    /// <param name="orchestratorName">Name of the orchestrator.</param>
    /// <param name="input">Its input.</param>
    /// <param name="options">Id, start time, tags, version.</param>
    /// <param name="cancellation">Gives up the request.</param>
    /// <returns>Id of the instance.</returns>
    Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default);
}
