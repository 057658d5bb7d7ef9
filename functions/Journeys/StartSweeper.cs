using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Journeys;

/// <summary>
/// Starts what was stored but never started, because the app stopped between the two (docs/decisions/0003-idempotency-keys.md). It reads
/// the list of what is still to be started, which is empty as a rule.
/// </summary>
public sealed class StartSweeper(JourneyStart start, Intakes intakes, TimeProvider clock, ILogger<StartSweeper> logger)
{
    private const int PageSize = 100;

    /// <summary>A start in progress is left alone for this long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A row whose intake did not follow within this time is of a start that broke off before it stored anything.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    /// <summary>Runs every minute.</summary>
    [Function(nameof(SweepStarts))]
    public async Task SweepStarts(
        [TimerTrigger("0 * * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        var before = clock.GetUtcNow() - Patience;
        await foreach (var page in TableIndex.PagesAsync(
            PageSize, after => intakes.Index.ReadPendingAsync(before, after, PageSize, cancellationToken)))
        {
            foreach (var row in page)
            {
                var instanceId = JourneyIndex.InstanceOf(row) ?? row.Position;
                try
                {
                    if (await intakes.FindAsync(instanceId, cancellationToken) is { } intake)
                        await StartAsync(client, intake, cancellationToken);
                    else if (IndexPosition.TimeOf(row.Position) < clock.GetUtcNow() - Forgotten)
                        await intakes.Index.TakeBackAsync(row, cancellationToken);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    // One intake that cannot be started must not keep the others waiting; the next run tries it again.
                    logger.StartFailed(instanceId, e);
                }
            }
        }
    }

    private async Task StartAsync(DurableTaskClient client, Intake intake, CancellationToken cancellationToken)
    {
        if (intake.Closed)
        {
            await intakes.Index.StartedAsync(intake, cancellationToken);
            return;
        }

        logger.StartWasLost(intake.InstanceId);
        await start.ScheduleAsync(client, intake, cancellationToken);
    }
}
