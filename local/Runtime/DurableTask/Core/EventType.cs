namespace DurableTask.Core.History;

/// <summary>Kind of a history event.</summary>
public enum EventType
{
    /// <summary>A run began.</summary>
    ExecutionStarted,

    /// <summary>A run ended.</summary>
    ExecutionCompleted,

    /// <summary>Not used: a failed run ends with ExecutionCompleted.</summary>
    ExecutionFailed,

    /// <summary>A client ended the run.</summary>
    ExecutionTerminated,

    /// <summary>An activity was scheduled.</summary>
    TaskScheduled,

    /// <summary>An activity returned.</summary>
    TaskCompleted,

    /// <summary>An activity threw.</summary>
    TaskFailed,

    /// <summary>A sub-orchestration was started.</summary>
    SubOrchestrationInstanceCreated,

    /// <summary>A sub-orchestration returned.</summary>
    SubOrchestrationInstanceCompleted,

    /// <summary>A sub-orchestration failed.</summary>
    SubOrchestrationInstanceFailed,

    /// <summary>A durable timer was created.</summary>
    TimerCreated,

    /// <summary>A durable timer fired.</summary>
    TimerFired,

    /// <summary>A turn began.</summary>
    OrchestratorStarted,

    /// <summary>A turn ended.</summary>
    OrchestratorCompleted,

    /// <summary>An event was sent to another instance.</summary>
    EventSent,

    /// <summary>An event arrived.</summary>
    EventRaised,

    /// <summary>A run ended to start over.</summary>
    ContinueAsNew,

    /// <summary>Not used.</summary>
    GenericEvent,

    /// <summary>Not used.</summary>
    HistoryState,

    /// <summary>A client halted the run.</summary>
    ExecutionSuspended,

    /// <summary>A client let the run go on.</summary>
    ExecutionResumed,

    /// <summary>Not used: this runtime cannot rewind.</summary>
    ExecutionRewound,
}
