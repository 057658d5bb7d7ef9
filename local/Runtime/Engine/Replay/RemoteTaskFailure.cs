using Microsoft.DurableTask;

namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>The recorded failure of an activity or sub-orchestration on its way to the orchestrator, which sees a <see cref="TaskFailedException"/>.</summary>
internal sealed class RemoteTaskFailure(int taskId, TaskFailureDetails? details, bool isNonRetriable)
    : Exception(details?.ErrorMessage ?? "The task did not complete.")
{
    /// <summary>Number of the step that failed.</summary>
    public int TaskId { get; } = taskId;

    /// <summary>Why; <see langword="null"/> for a sub-orchestration that was terminated.</summary>
    public TaskFailureDetails? Details { get; } = details;

    /// <summary>Whether another attempt is pointless, as for a task nobody registered.</summary>
    public bool IsNonRetriable { get; } = isNonRetriable;
}
