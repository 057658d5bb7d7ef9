namespace DurableTask.Core.History;

/// <summary>A run began.</summary>
public class ExecutionStartedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    /// <param name="input">The input as written.</param>
    public ExecutionStartedEvent(int eventId, string? input)
        : base(eventId)
    {
        Input = input;
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.ExecutionStarted;

#pragma warning disable CA1051 // A field in the published type.
    /// <summary>Instance and run.</summary>
    public OrchestrationInstance? OrchestrationInstance;
#pragma warning restore CA1051

    /// <summary>The calling orchestration, if any.</summary>
    public ParentInstance? ParentInstance { get; set; }

    /// <summary>Name of the orchestrator.</summary>
    public string? Name { get; set; }

    /// <summary>Its version.</summary>
    public string? Version { get; set; }

    /// <summary>The input as written.</summary>
    public string? Input { get; set; }

    /// <summary>Tags it was started with.</summary>
    public IDictionary<string, string>? Tags { get; set; }

    /// <summary>Not before this moment.</summary>
    public DateTime? ScheduledStartTime { get; set; }
}

/// <summary>A client ended the run.</summary>
public class ExecutionTerminatedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    /// <param name="input">The output it ends with.</param>
    public ExecutionTerminatedEvent(int eventId, string? input)
        : base(eventId)
    {
        Input = input;
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.ExecutionTerminated;

    /// <summary>The output it ends with.</summary>
    public string? Input { get; set; }
}

/// <summary>A client halted the run.</summary>
public class ExecutionSuspendedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    /// <param name="reason">Why.</param>
    public ExecutionSuspendedEvent(int eventId, string? reason)
        : base(eventId)
    {
        Reason = reason;
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.ExecutionSuspended;

    /// <summary>Why.</summary>
    public string? Reason { get; set; }
}

/// <summary>A client let the run go on.</summary>
public class ExecutionResumedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    /// <param name="reason">Why.</param>
    public ExecutionResumedEvent(int eventId, string? reason)
        : base(eventId)
    {
        Reason = reason;
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.ExecutionResumed;

    /// <summary>Why.</summary>
    public string? Reason { get; set; }
}

/// <summary>A turn began; its time is the orchestrator's clock for the turn.</summary>
public class OrchestratorStartedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    public OrchestratorStartedEvent(int eventId)
        : base(eventId)
    {
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.OrchestratorStarted;
}

/// <summary>A turn ended.</summary>
public class OrchestratorCompletedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    public OrchestratorCompletedEvent(int eventId)
        : base(eventId)
    {
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.OrchestratorCompleted;
}
