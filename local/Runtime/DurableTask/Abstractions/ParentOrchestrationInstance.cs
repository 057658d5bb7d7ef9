namespace Microsoft.DurableTask;

/// <summary>The orchestration that called a sub-orchestration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="InstanceId">Its id.</param>
public record ParentOrchestrationInstance(TaskName Name, string InstanceId);
