namespace DurableTask.Core.History;

/// <summary>One fact in the history of an orchestration.</summary>
public abstract class HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the step it belongs to; -1 for none.</param>
    protected HistoryEvent(int eventId)
    {
        EventId = eventId;
    }

    /// <summary>Number of the step it belongs to; -1 for none.</summary>
    public int EventId { get; internal set; }

    /// <summary>Whether it was replayed.</summary>
    public bool IsPlayed { get; set; }

    /// <summary>When it happened, UTC.</summary>
    public DateTime Timestamp { get; set; }

    /// <summary>Its kind.</summary>
    public virtual EventType EventType { get; }
}

/// <summary>A run ended.</summary>
public class ExecutionCompletedEvent : HistoryEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the last step.</param>
    /// <param name="result">The result as written, or the message of the failure.</param>
    /// <param name="orchestrationStatus">How it ended.</param>
    /// <param name="failureDetails">Why it failed.</param>
    public ExecutionCompletedEvent(int eventId, string? result, OrchestrationStatus orchestrationStatus, FailureDetails? failureDetails = null)
        : base(eventId)
    {
        Result = result;
        OrchestrationStatus = orchestrationStatus;
        FailureDetails = failureDetails;
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.ExecutionCompleted;

    /// <summary>How it ended.</summary>
    public OrchestrationStatus OrchestrationStatus { get; private set; }

    /// <summary>The result as written, or the message of the failure.</summary>
    public string? Result { get; private set; }

    /// <summary>Why it failed.</summary>
    public FailureDetails? FailureDetails { get; private set; }
}

/// <summary>A run ended to start over with a new input.</summary>
public class ContinueAsNewEvent : ExecutionCompletedEvent
{
    /// <summary>Creates the event.</summary>
    /// <param name="eventId">Number of the last step.</param>
    /// <param name="input">Input of the new run as written.</param>
    public ContinueAsNewEvent(int eventId, string? input)
        : base(eventId, input, OrchestrationStatus.ContinuedAsNew)
    {
    }

    /// <inheritdoc/>
    public override EventType EventType => EventType.ContinueAsNew;
}
