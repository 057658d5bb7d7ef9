namespace Microsoft.DurableTask;

/// <summary>Decides whether a failed task is tried again. Runs as orchestrator code, so the same rules hold.</summary>
/// <param name="retryContext">The failure.</param>
/// <returns>Whether to try again.</returns>
public delegate bool RetryHandler(RetryContext retryContext);

/// <summary>Decides whether a failed task is tried again; may wait on a durable timer first.</summary>
/// <param name="retryContext">The failure.</param>
/// <returns>Whether to try again.</returns>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);

/// <summary>What a retry handler decides on.</summary>
/// <param name="OrchestrationContext">The orchestration that made the call.</param>
/// <param name="LastAttemptNumber">How many attempts were made; 1 after the first failure.</param>
/// <param name="LastFailure">Why the last attempt failed.</param>
/// <param name="TotalRetryTime">Time since the first attempt was made.</param>
/// <param name="CancellationToken">Cancelled when the call is given up.</param>
public record RetryContext(
    TaskOrchestrationContext OrchestrationContext,
    int LastAttemptNumber,
    TaskFailureDetails LastFailure,
    TimeSpan TotalRetryTime,
    CancellationToken CancellationToken);
