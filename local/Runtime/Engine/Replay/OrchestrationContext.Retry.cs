using Microsoft.DurableTask;

namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>Further attempts of a failed task, by policy or by handler.</summary>
internal sealed partial class OrchestrationContext
{
    private Task<T> Retry<T>(TaskRetryOptions? options, string taskName, Func<Task<T>> attempt) => options switch
    {
        { Policy: { } policy } => RetryByPolicy(policy, attempt),
        { Handler: { } handler } => RetryByHandler(handler, attempt),
        _ => attempt(),
    };

    private async Task<T> RetryByPolicy<T>(RetryPolicy policy, Func<Task<T>> attempt)
    {
        var start = _now;
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                return await attempt();
            }
            catch (Exception e) when (e is not RemoteTaskFailure { IsNonRetriable: true })
            {
                if (attempts == policy.MaxNumberOfAttempts)
                {
                    // The published engine closes the last attempt with a timer; histories keep the same shape.
                    await CreateSingleTimer(_now, CancellationToken.None);
                    throw;
                }

                var delay = NextDelay(policy, attempts - 1, start, e);
                if (delay == TimeSpan.Zero)
                {
                    throw;
                }

                await CreateSingleTimer(_now + delay, CancellationToken.None);
            }
        }
    }

    private TimeSpan NextDelay(RetryPolicy policy, int retries, DateTime start, Exception failure)
    {
        if (!IsWorthRetrying(policy, failure))
        {
            return TimeSpan.Zero;
        }

        if (policy.RetryTimeout != Timeout.InfiniteTimeSpan && _now >= start + policy.RetryTimeout)
        {
            return TimeSpan.Zero;
        }

        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        var milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, retries);
        return milliseconds < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : longest;
    }

    private static bool IsWorthRetrying(RetryPolicy policy, Exception failure)
    {
        try
        {
            return policy.Handle(failure);
        }
#pragma warning disable CA1031 // A filter that throws ends the attempts, as documented; the task's own failure is what the caller sees.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private async Task<T> RetryByHandler<T>(AsyncRetryHandler handler, Func<Task<T>> attempt)
    {
        var start = _now;
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                return await attempt();
            }
            catch (RemoteTaskFailure failure) when (!failure.IsNonRetriable)
            {
                var context = new RetryContext(
                    this, attempts, TaskFailureDetails.FromException(failure), _now - start, CancellationToken.None);
                if (!await handler(context))
                {
                    throw;
                }
            }
        }
    }
}
