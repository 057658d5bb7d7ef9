namespace Microsoft.DurableTask.Client;

/// <summary>Where an orchestration stands.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>It has started and not ended.</summary>
    Running,

    /// <summary>It returned a result.</summary>
    Completed,

    /// <summary>No longer used: an orchestration that starts over is running.</summary>
    [Obsolete("The ContinuedAsNew status is obsolete and exists only for compatibility reasons.")]
    ContinuedAsNew,

    /// <summary>It ended with an exception.</summary>
    Failed,

    /// <summary>Not used.</summary>
    [Obsolete("The Canceled status is not currently used and exists only for compatibility reasons.")]
    Canceled,

    /// <summary>A client ended it.</summary>
    Terminated,

    /// <summary>It was scheduled and has not started.</summary>
    Pending,

    /// <summary>A client halted it; it takes no step until it is resumed.</summary>
    Suspended,
}
