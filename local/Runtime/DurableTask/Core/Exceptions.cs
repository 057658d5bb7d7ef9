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
