using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// Goes after what the receiver left: events nobody got, settlements nobody booked. Each run looks at all that is listed again,
/// so a run that breaks off costs time only.
/// </summary>
public sealed class InboxSweep(
    Inbox inbox, SettlementWatch watch, SettlementLedger ledger, IOptionsMonitor<WebhookOptions> options,
    IOptionsMonitor<LedgerOptions> ledgerOptions, TimeProvider clock, AppMetrics metrics, ILogger<InboxSweep> logger)
{
    /// <summary>The receiver may still be delivering it.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private const int PageSize = 100;

    /// <summary>More than that is as alarming.</summary>
    private const int MostCounted = 1_000;

    /// <summary>Delivers what waits, makes dead letters of what waited too long, and follows up settlements.</summary>
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var (waiting, oldest) = (0L, TimeSpan.Zero);
        await foreach (var page in TableIndex.PagesAsync(
            PageSize, after => inbox.Lists.ReadWaitingAsync(clock.GetUtcNow() - Fresh, after, PageSize, cancellationToken)))
        {
            var done = new List<IndexRow>();
            foreach (var row in page)
            {
                var left = await GoAfterAsync(row, client, cancellationToken);
                if (left is null)
                    done.Add(row);
                if (left is not { State: InboxState.Waiting })
                    continue;
                waiting++;
                var age = clock.GetUtcNow() - left.ReceivedAt;
                if (age > oldest)
                    oldest = age;
            }

            await inbox.Lists.RemoveAsync(done, cancellationToken);
        }

        var dead = (await inbox.Lists.ReadDeadAsync(null, MostCounted, cancellationToken)).Count;
        metrics.Swept(waiting, oldest, dead, await ledger.Lists.CountAsync(SettlementState.Unclaimed, MostCounted, cancellationToken));
    }

    /// <summary>What is left of an event that somebody has to go after; null when nothing is.</summary>
    private async Task<InboxEvent?> GoAfterAsync(IndexRow row, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (InboxLists.EventOf(row) is not { } of)
            return null;
        InboxEvent? stored = null;
        try
        {
            stored = await inbox.FindAsync(of.ResourceId, of.DeliveryId, cancellationToken);
            if (stored is null)
                return null;
            var age = clock.GetUtcNow() - stored.ReceivedAt;
            if (stored.State == InboxState.Waiting && await DeliverAsync(stored, age, client, cancellationToken))
                stored = stored with { State = InboxState.Delivered };
            if (stored.Settles && age >= ledgerOptions.CurrentValue.SettleWithin
                && await watch.IsClosedAsync(stored.Signal.TransactionId, stored.Signal.CashInId, cancellationToken))
            {
                await inbox.MarkSettledAsync(stored, cancellationToken);
                stored = stored with { Settles = false };
            }

            return stored is { State: InboxState.Waiting } or { Settles: true } ? stored : null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // One event that OMS or the engine fails on must not keep the others waiting; the next run tries it again.
            logger.SweepFailed(of.DeliveryId, of.ResourceId, e);
            return stored ?? Unread(of, row);
        }
    }

    /// <summary>An event that cannot be read is neither delivered nor forgotten.</summary>
    private static InboxEvent Unread((string ResourceId, string DeliveryId) of, IndexRow row) => new()
    {
        Signal = new() { DeliveryId = of.DeliveryId, ResourceId = of.ResourceId },
        Name = "",
        ReceivedAt = IndexPosition.TimeOf(row.Position),
        State = InboxState.Unknown,
    };

    /// <summary>False when the event still waits.</summary>
    private async Task<bool> DeliverAsync(InboxEvent stored, TimeSpan age, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await inbox.HandAsync(stored, client, cancellationToken) is not (0, false))
            return true;
        if (age < options.CurrentValue.DeadLetterAfter)
            return false;

        // Only if it is as it was read: a journey that starts to listen right now takes it.
        await inbox.Lists.BuryAsync(stored, cancellationToken);
        if (!await inbox.MarkAsync(stored, InboxState.Dead, cancellationToken))
        {
            await inbox.Lists.ExhumeAsync(stored, cancellationToken);
            return true;
        }

        logger.DeadLettered(stored.Name, stored.Signal.DeliveryId, stored.Signal.ResourceId);
        metrics.DeadLettered();
        return true;
    }
}
