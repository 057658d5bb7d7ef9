using System.ComponentModel;
using OmsWorkflows.Local.Runtime.Engine.Replay;

namespace Microsoft.DurableTask;

/// <summary>Tries a failed task again after a delay that grows from attempt to attempt.</summary>
public class RetryPolicy
{
    /// <summary>Creates a policy.</summary>
    /// <param name="maxNumberOfAttempts">Attempts in all, the first included; at least 1.</param>
    /// <param name="firstRetryInterval">Delay before the second attempt; positive.</param>
    /// <param name="backoffCoefficient">Each further delay is this many times the one before; at least 1.</param>
    /// <param name="maxRetryInterval">Longest delay; one hour when left out, <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="retryTimeout">No further attempt starts this long after the first; no limit when left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside the bounds named above.</exception>
    public RetryPolicy(
        int maxNumberOfAttempts,
        TimeSpan firstRetryInterval,
        double backoffCoefficient = 1.0,
        TimeSpan? maxRetryInterval = null,
        TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1.0);
        ThrowIfShorter(maxRetryInterval, firstRetryInterval, nameof(maxRetryInterval));
        ThrowIfShorter(retryTimeout, firstRetryInterval, nameof(retryTimeout));

        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = maxRetryInterval ?? TimeSpan.FromHours(1);
        RetryTimeout = retryTimeout ?? Timeout.InfiniteTimeSpan;
        Handle = static _ => true;
    }

    /// <summary>Attempts in all, the first included.</summary>
    public int MaxNumberOfAttempts { get; }

    /// <summary>Delay before the second attempt.</summary>
    public TimeSpan FirstRetryInterval { get; }

    /// <summary>Each further delay is this many times the one before.</summary>
    public double BackoffCoefficient { get; }

    /// <summary>Longest delay.</summary>
    public TimeSpan MaxRetryInterval { get; }

    /// <summary>No further attempt starts this long after the first.</summary>
    public TimeSpan RetryTimeout { get; }

    /// <summary>Whether a failure is worth another attempt; every failure is, unless <see cref="HandleFailure"/> was given.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public Func<Exception, bool> Handle { get; private init; }

    /// <summary>Sets which failures are worth another attempt. A filter that throws ends the attempts.</summary>
    public Func<TaskFailureDetails, bool> HandleFailure
    {
        init => Handle = failure => failure is RemoteTaskFailure { Details: { } details }
            ? value(details)
            : throw new InvalidOperationException("Only the failure of a task can be filtered.");
    }

    private static void ThrowIfShorter(TimeSpan? value, TimeSpan first, string name)
    {
        if (value < first && value != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(name, value, "The value cannot be shorter than the first retry interval.");
        }
    }
}
