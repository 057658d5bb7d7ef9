using OmsWorkflows.Local.Runtime.Engine.Replay;

namespace Microsoft.DurableTask;

/// <summary>An activity or sub-orchestration failed. What went wrong is in <see cref="FailureDetails"/>.</summary>
public sealed class TaskFailedException : Exception
{
    /// <summary>Creates the exception from the exception that made the task fail.</summary>
    /// <param name="taskName">Name of the task.</param>
    /// <param name="taskId">Its number in the orchestration.</param>
    /// <param name="innerException">Why it failed.</param>
    public TaskFailedException(string taskName, int taskId, Exception innerException)
        : base(Describe(taskName, taskId, (innerException as RemoteTaskFailure)?.Details?.ErrorMessage ?? innerException?.Message), innerException)
    {
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = TaskFailureDetails.FromException(innerException!);
    }

    /// <summary>Creates the exception from recorded details.</summary>
    /// <param name="taskName">Name of the task.</param>
    /// <param name="taskId">Its number in the orchestration.</param>
    /// <param name="failureDetails">Why it failed.</param>
    public TaskFailedException(string taskName, int taskId, TaskFailureDetails failureDetails)
        : base(Describe(taskName, taskId, failureDetails?.ErrorMessage))
    {
        TaskName = taskName;
        TaskId = taskId;
        FailureDetails = failureDetails!;
    }

    /// <summary>Name of the task.</summary>
    public string TaskName { get; }

    /// <summary>Number of the task in the orchestration.</summary>
    public int TaskId { get; }

    /// <summary>Why it failed.</summary>
    public TaskFailureDetails FailureDetails { get; }

    private static string Describe(string taskName, int taskId, string? cause) => cause is null
        ? $"Task '{taskName}' (#{taskId}) failed with an unhandled exception."
        : $"Task '{taskName}' (#{taskId}) failed with an unhandled exception: {cause}";
}
