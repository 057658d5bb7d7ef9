namespace DurableTask.Core;

/// <summary>Where an orchestration stands.</summary>
public enum OrchestrationStatus
{
    /// <summary>It has started and not ended.</summary>
    Running,

    /// <summary>It returned a result.</summary>
    Completed,

    /// <summary>It ended to start over.</summary>
    ContinuedAsNew,

    /// <summary>It ended with an exception.</summary>
    Failed,

    /// <summary>Not used.</summary>
    Canceled,

    /// <summary>A client ended it.</summary>
    Terminated,

    /// <summary>It was scheduled and has not started.</summary>
    Pending,

    /// <summary>A client halted it.</summary>
    Suspended,
}

/// <summary>An instance and one of its runs.</summary>
public class OrchestrationInstance
{
    /// <summary>Id of the instance.</summary>
    public string? InstanceId { get; set; }

    /// <summary>Id of the run; a new one whenever the instance starts over.</summary>
    public string? ExecutionId { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"[InstanceId: {InstanceId}, ExecutionId: {ExecutionId}]";
}

/// <summary>The orchestration that called a sub-orchestration.</summary>
public class ParentInstance
{
#pragma warning disable CA1051 // Fields in the published type.
    /// <summary>Its name.</summary>
    public string? Name;

    /// <summary>Its instance and run.</summary>
    public OrchestrationInstance? OrchestrationInstance;

    /// <summary>The step that made the call.</summary>
    public int TaskScheduleId;

    /// <summary>Its version.</summary>
    public string? Version;
#pragma warning restore CA1051
}

/// <summary>Why a task failed, as kept in the history.</summary>
public class FailureDetails : IEquatable<FailureDetails>
{
    /// <summary>Creates the details.</summary>
    /// <param name="errorType">Full name of the exception's type.</param>
    /// <param name="errorMessage">Its message.</param>
    /// <param name="stackTrace">Where it was thrown.</param>
    /// <param name="innerFailure">What caused it.</param>
    /// <param name="isNonRetriable">Whether another attempt is pointless.</param>
    /// <param name="properties">Further values of the exception.</param>
    public FailureDetails(
        string errorType,
        string errorMessage,
        string? stackTrace,
        FailureDetails? innerFailure,
        bool isNonRetriable,
        IDictionary<string, object?>? properties = null)
    {
        ErrorType = errorType;
        ErrorMessage = errorMessage;
        StackTrace = stackTrace;
        InnerFailure = innerFailure;
        IsNonRetriable = isNonRetriable;
        Properties = properties;
    }

    /// <summary>Describes an exception with what caused it.</summary>
    /// <param name="e">The exception.</param>
    public FailureDetails(Exception e)
        : this(
            Check(e).GetType().FullName!,
            e.Message,
            e.StackTrace,
            e.InnerException is null ? null : new FailureDetails(e.InnerException),
            isNonRetriable: false)
    {
    }

    /// <summary>Full name of the exception's type.</summary>
    public string ErrorType { get; }

    /// <summary>Its message.</summary>
    public string ErrorMessage { get; }

    /// <summary>Where it was thrown.</summary>
    public string? StackTrace { get; }

    /// <summary>What caused it.</summary>
    public FailureDetails? InnerFailure { get; }

    /// <summary>Whether another attempt is pointless.</summary>
    public bool IsNonRetriable { get; }

    /// <summary>Further values of the exception.</summary>
    public IDictionary<string, object?>? Properties { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    /// <inheritdoc/>
#pragma warning disable CA1725 // Named as in the published type.
    public override bool Equals(object? other) => Equals(other as FailureDetails);
#pragma warning restore CA1725

    /// <inheritdoc/>
    public bool Equals(FailureDetails? other) =>
        other is not null
        && ErrorType == other.ErrorType
        && ErrorMessage == other.ErrorMessage
        && StackTrace == other.StackTrace
        && Equals(InnerFailure, other.InnerFailure);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ErrorType, ErrorMessage, StackTrace, InnerFailure);

    private static Exception Check(Exception e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e;
    }
}
