namespace DurableTask.Core.Exceptions;

/// <summary>A start was refused because an instance of the same id exists in a status that forbids it.</summary>
public class OrchestrationAlreadyExistsException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    public OrchestrationAlreadyExistsException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which instance, in which status.</param>
    public OrchestrationAlreadyExistsException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which instance, in which status.</param>
    /// <param name="innerException">What caused it.</param>
    public OrchestrationAlreadyExistsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>An orchestration failed at one of its steps.</summary>
public class OrchestrationException : Exception
{
    /// <summary>Creates the exception.</summary>
    public OrchestrationException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong.</param>
    public OrchestrationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public OrchestrationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="eventId">Number of the step.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">What caused it.</param>
    public OrchestrationException(int eventId, string message, Exception innerException)
        : base(message, innerException)
    {
        EventId = eventId;
    }

    /// <summary>Number of the step.</summary>
    public int EventId { get; set; }

    /// <summary>Why the step failed.</summary>
    public FailureDetails? FailureDetails { get; set; }
}

/// <summary>An orchestrator did not repeat the steps its history holds.</summary>
public class NonDeterministicOrchestrationException : OrchestrationException
{
    /// <summary>Creates the exception.</summary>
    public NonDeterministicOrchestrationException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was expected and what came.</param>
    public NonDeterministicOrchestrationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was expected and what came.</param>
    /// <param name="innerException">What caused it.</param>
    public NonDeterministicOrchestrationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="eventId">Number of the step.</param>
    /// <param name="eventDetails">What was expected and what came.</param>
    public NonDeterministicOrchestrationException(int eventId, string eventDetails)
        : base($"Non-Deterministic workflow detected: {eventDetails}")
    {
        EventId = eventId;
    }
}
