using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.BankDeposits;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Operations;

/// <summary>
/// Removes orchestrations that are over and are nobody's journey: looks at bank deposits, and the engine's probes of processes that are
/// gone. Durable Task Scheduler does so by its policy; the other backends keep them for ever.
/// </summary>
public sealed class OrchestrationRemoval(
    IOptionsMonitor<JourneyRetentionOptions> options, TimeProvider clock, ILogger<OrchestrationRemoval> logger)
{
    /// <summary>A pass ends after that long; the next one goes on.</summary>
    private static readonly TimeSpan LongestPass = TimeSpan.FromMinutes(10);

    private static readonly string[] Prefixes = [$"{DepositEvents.Prefix}-", HealthProbe.InstancePrefix];

    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <summary>Removes what began before the retention and is over, as far as one pass comes; answers how many that were.</summary>
    public async Task<int> RemoveOldAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var started = clock.GetTimestamp();
        var cutoff = clock.GetUtcNow() - options.CurrentValue.Retention;
        var removed = 0;
        foreach (var prefix in Prefixes)
        {
            var old = new OrchestrationQuery { InstanceIdPrefix = prefix, CreatedTo = cutoff, Statuses = Ended };
            var inTime = client.GetAllInstancesAsync(old).TakeWhile(_ => clock.GetElapsedTime(started) < LongestPass);
            await foreach (var instance in inTime.WithCancellation(cancellationToken))
                removed += (await client.PurgeInstanceAsync(instance.InstanceId, cancellationToken)).PurgedInstanceCount;
        }

        if (removed > 0)
            logger.OrchestrationsRemoved(removed);
        return removed;
    }
}
