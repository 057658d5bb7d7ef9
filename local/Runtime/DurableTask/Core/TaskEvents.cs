namespace DurableTask.Core.History;

/// <summary>An activity was scheduled.</summary>
public class TaskScheduledEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    public TaskScheduledEvent(int eventId)
        : base(eventId)
    {
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.TaskScheduled;

    /// <summary>Name of the activity.</summary>
    public string? Name { get; set; }

    /// <summary>Its version.</summary>
    public string? Version { get; set; }

    /// <summary>The input as written.</summary>
    public string? Input { get; set; }

    /// <summary>Tags of the call.</summary>
    public IDictionary<string, string>? Tags { get; set; }
}

/// <summary>An activity returned.</summary>
public class TaskCompletedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    /// <param name="taskScheduledId">The step that scheduled it.</param>
    /// <param name="result">The result as written.</param>
    public TaskCompletedEvent(int eventId, int taskScheduledId, string? result)
        : base(eventId)
    {
        TaskScheduledId = taskScheduledId;
        Result = result;
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.TaskCompleted;

    /// <summary>The step that scheduled it.</summary>
    public int TaskScheduledId { get; private set; }

    /// <summary>The result as written.</summary>
    public string? Result { get; private set; }
}

/// <summary>An activity threw.</summary>
public class TaskFailedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    /// <param name="taskScheduledId">The step that scheduled it.</param>
    /// <param name="reason">Not used by this runtime.</param>
    /// <param name="details">Not used by this runtime.</param>
    /// <param name="failureDetails">Why it failed.</param>
    public TaskFailedEvent(int eventId, int taskScheduledId, string? reason, string? details, FailureDetails? failureDetails)
        : base(eventId)
    {
        TaskScheduledId = taskScheduledId;
        Reason = reason;
        Details = details;
        FailureDetails = failureDetails;
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.TaskFailed;

    /// <summary>The step that scheduled it.</summary>
    public int TaskScheduledId { get; private set; }

    /// <summary>Not used by this runtime.</summary>
    public string? Reason { get; private set; }

    /// <summary>Not used by this runtime.</summary>
    public string? Details { get; private set; }

    /// <summary>Why it failed.</summary>
    public FailureDetails? FailureDetails { get; private set; }
}

/// <summary>A durable timer was created.</summary>
public class TimerCreatedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    /// <param name="fireAt">When it fires.</param>
    public TimerCreatedEvent(int eventId, DateTime fireAt)
        : base(eventId)
    {
        FireAt = fireAt;
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.TimerCreated;

    /// <summary>When it fires.</summary>
    public DateTime FireAt { get; set; }
}

/// <summary>A durable timer fired.</summary>
public class TimerFiredEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    /// <param name="fireAt">When it was to fire.</param>
    public TimerFiredEvent(int eventId, DateTime fireAt)
        : base(eventId)
    {
        FireAt = fireAt;
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.TimerFired;

    /// <summary>The step that created it.</summary>
    public int TimerId { get; set; }

    /// <summary>When it was to fire.</summary>
    public DateTime FireAt { get; set; }
}
