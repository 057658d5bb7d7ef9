using Microsoft.DurableTask;

namespace OmsWorkflows.Journeys;

/// <summary>
/// How activities are retried. What OMS answers, or does not, is a result; what an activity throws is a fault of the app's own or of its
/// tables. Only seconds are spent on it here, because a journey's limits and commands wait meanwhile; the next try is the journey's
/// (docs/decisions/0009-the-clock-never-stops.md).
/// </summary>
internal static class JourneyRetry
{
    /// <summary>Three tries within four seconds.</summary>
    public static TaskOptions FewTimes { get; } = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 3, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 3));
}
