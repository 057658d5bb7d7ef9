namespace DurableTask.Core.History;

/// <summary>A sub-orchestration was started.</summary>
public class SubOrchestrationInstanceCreatedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    public SubOrchestrationInstanceCreatedEvent(int eventId)
        : base(eventId)
    {
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.SubOrchestrationInstanceCreated;

    /// <summary>Name of the orchestrator.</summary>
    public string? Name { get; set; }

    /// <summary>Its version.</summary>
    public string? Version { get; set; }

    /// <summary>Its instance id.</summary>
    public string? InstanceId { get; set; }

    /// <summary>The input as written.</summary>
    public string? Input { get; set; }

    /// <summary>Tags of the call.</summary>
    public IDictionary<string, string>? Tags { get; set; }
}

/// <summary>A sub-orchestration returned.</summary>
public class SubOrchestrationInstanceCompletedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    /// <param name="taskScheduledId">The step that started it.</param>
    /// <param name="result">The result as written.</param>
    public SubOrchestrationInstanceCompletedEvent(int eventId, int taskScheduledId, string? result)
        : base(eventId)
    {
        TaskScheduledId = taskScheduledId;
        Result = result;
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.SubOrchestrationInstanceCompleted;

    /// <summary>The step that started it.</summary>
    public int TaskScheduledId { get; private set; }

    /// <summary>The result as written.</summary>
    public string? Result { get; private set; }
}

/// <summary>A sub-orchestration failed.</summary>
public class SubOrchestrationInstanceFailedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    /// <param name="taskScheduledId">The step that started it.</param>
    /// <param name="reason">Message of the failure, or the output of a terminated one.</param>
    /// <param name="details">Not used by this runtime.</param>
    /// <param name="failureDetails">Why it failed.</param>
    public SubOrchestrationInstanceFailedEvent(int eventId, int taskScheduledId, string? reason, string? details, FailureDetails? failureDetails)
        : base(eventId)
    {
        TaskScheduledId = taskScheduledId;
        Reason = reason;
        Details = details;
        FailureDetails = failureDetails;
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.SubOrchestrationInstanceFailed;

    /// <summary>The step that started it.</summary>
    public int TaskScheduledId { get; private set; }

    /// <summary>Message of the failure, or the output of a terminated one.</summary>
    public string? Reason { get; private set; }

    /// <summary>Not used by this runtime.</summary>
    public string? Details { get; private set; }

    /// <summary>Why it failed; null when it was terminated.</summary>
    public FailureDetails? FailureDetails { get; internal set; }
}

/// <summary>An event was sent to another instance.</summary>
public class EventSentEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    public EventSentEvent(int eventId)
        : base(eventId)
    {
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.EventSent;

    /// <summary>The receiver.</summary>
    public string? InstanceId { get; set; }

    /// <summary>Name of the event.</summary>
    public string? Name { get; set; }

    /// <summary>The payload as written.</summary>
    public string? Input { get; set; }
}

/// <summary>An event arrived.</summary>
public class EventRaisedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    /// <param name="input">The payload as written.</param>
    public EventRaisedEvent(int eventId, string? input)
        : base(eventId)
    {
        Input = input;
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.EventRaised;

    /// <summary>Name of the event.</summary>
    public string? Name { get; set; }

    /// <summary>The payload as written.</summary>
    public string? Input { get; set; }
}
