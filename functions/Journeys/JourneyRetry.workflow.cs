using Microsoft.DurableTask;

namespace OmsWorkflows.Journeys;

/// <summary>
/// How activities are retried. A refusal by OMS is a result; what an activity throws is technical and passes: OMS down, storage down, a
/// deploy.
/// </summary>
internal static class JourneyRetry
{
    /// <summary>From two seconds, doubling up to ten minutes, for about a week.</summary>
    public static TaskOptions UntilItWorks { get; } = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 1_000,
        firstRetryInterval: TimeSpan.FromSeconds(2),
        backoffCoefficient: 2,
        maxRetryInterval: TimeSpan.FromMinutes(10)));
}
