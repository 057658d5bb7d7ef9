using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Journeys;

/// <summary>
/// Starts what was stored but never started, because the app stopped between the two (docs/decisions/0003-idempotency-keys.md).
/// </summary>
public sealed class StartSweeper(JourneyStart start, Intakes intakes, TimeProvider clock, ILogger<StartSweeper> logger)
{
    /// <summary>A start in progress is left alone for this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs every minute.</summary>
    [Function(nameof(SweepStarts))]
    public async Task SweepStarts(
        [TimerTrigger("0 * * * * *", RunOnStartup = true)] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        await foreach (var intake in intakes.LostAsync(clock.GetUtcNow() - Patience, cancellationToken))
        {
            try
            {
                logger.StartWasLost(intake.InstanceId);
                await start.ScheduleAsync(client, intake, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One intake that cannot be started must not keep the others waiting; the next run tries it again.
                logger.StartFailed(intake.InstanceId, e);
            }
        }
    }
}
