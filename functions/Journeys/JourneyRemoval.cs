using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Journeys;

/// <summary>
/// Removes journeys that are over: the orchestration first, then the intake, so that what broke off in between is found again. Settlements
/// stay: they are the books (docs/decisions/0005-personal-data.md).
/// </summary>
public sealed class JourneyRemoval(
    Intakes intakes,
    IEnumerable<JourneyKind> kinds,
    IOptionsMonitor<JourneyRetentionOptions> options,
    TimeProvider clock,
    ILogger<JourneyRemoval> logger)
{
    /// <summary>A pass ends after that long; the next one goes on.</summary>
    private static readonly TimeSpan LongestPass = TimeSpan.FromMinutes(10);

    private const int AtOnce = 8;
    private const int Chunk = 100;

    /// <summary>Removes what is past its retention, as far as one pass comes; answers how many journeys that were.</summary>
    public async Task<int> RemoveOldAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var started = clock.GetTimestamp();
        var removed = 0;
        var old = intakes.Index.ReceivedBeforeAsync(
            kinds.Select(kind => kind.Orchestration), clock.GetUtcNow() - options.CurrentValue.Retention, Chunk, cancellationToken)
            .TakeWhile(_ => clock.GetElapsedTime(started) < LongestPass);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(old, limits, async (row, token) =>
        {
            var id = JourneyIndex.InstanceOf(row) ?? "";
            try
            {
                if (await intakes.FindPlainAsync(id, token) is not { } intake)
                    await intakes.Index.RemoveAsync(row, token);
                else if (await TryRemoveAsync(intake, [], client, token))
                    Interlocked.Increment(ref removed);
            }
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                // One journey that cannot be removed must not keep the others; the next pass tries it again.
                logger.RemovalFailed(id, e);
            }
        });
        if (removed > 0)
            logger.JourneysRemoved(removed);
        return removed;
    }

    /// <summary>Removes a journey; <see langword="false"/> while it runs, or is still to be started.</summary>
    /// <param name="intake">What it began with.</param>
    /// <param name="knownAs">The caller's own ids of the person, as far as they are known.</param>
    internal async Task<bool> TryRemoveAsync(
        Intake intake, IReadOnlyCollection<string> knownAs, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intake);
        ArgumentNullException.ThrowIfNull(client);
        var instance = await client.GetInstanceAsync(intake.InstanceId, getInputsAndOutputs: true, cancellationToken);
        if (instance is { IsCompleted: false } || (instance is null && await intakes.Index.IsPendingAsync(intake, cancellationToken)))
            return false;
        if (instance is not null)
            await client.PurgeInstanceAsync(intake.InstanceId, cancellationToken);
        await intakes.RemoveAsync(intake, cancellationToken);
        var status = instance is null ? new JourneyStatus() : JourneyView.StatusOf(instance);
        await intakes.Index.RemoveAsync(intake, status, knownAs, cancellationToken);
        return true;
    }
}
