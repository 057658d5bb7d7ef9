using Azure;
using Azure.Data.Tables;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Ledger;
using OmsWorkflows.Storage;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// Goes after what the receiver left: events nobody got, settlements nobody booked, rows nobody needs. Each run looks at all of it again,
/// so a run that breaks off costs time only.
/// </summary>
public sealed class InboxSweep(
    AppTables tables, Inbox inbox, SettlementWatch watch, IOptionsMonitor<WebhookOptions> options,
    IOptionsMonitor<LedgerOptions> ledgerOptions, TimeProvider clock, AppMetrics metrics, ILogger<InboxSweep> logger)
{
    /// <summary>The receiver may still be delivering it.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private static readonly string Events = TableClient.CreateQueryFilter($"RowKey ge {"event:"} and RowKey lt {"event;"}");

    /// <summary>Delivers what waits, makes dead letters of what waited too long, and follows up settlements.</summary>
    public async Task RunAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var (waiting, oldest) = (0L, TimeSpan.Zero);
        var open = TableClient.CreateQueryFilter($"State eq {nameof(InboxState.Waiting)} or Settles eq {true}");
        await foreach (var row in tables.Inbox.QueryAsync<TableEntity>($"({Events}) and ({open})", cancellationToken: cancellationToken))
        {
            if (inbox.ReadOrSkip(row) is not { } stored)
                continue;
            var age = clock.GetUtcNow() - stored.ReceivedAt;
            if (age < Fresh)
                continue;
            try
            {
                if (stored.State == InboxState.Waiting && !await DeliverAsync(stored, age, client, cancellationToken))
                {
                    waiting++;
                    if (age > oldest)
                        oldest = age;
                }

                if (stored.Settles && age >= ledgerOptions.CurrentValue.SettleWithin
                    && await watch.IsClosedAsync(stored.Signal.TransactionId, stored.Signal.CashInId, cancellationToken))
                    await inbox.MarkSettledAsync(stored, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One event that OMS or the engine fails on must not keep the others waiting; the next run tries it again.
                logger.SweepFailed(stored.Signal.DeliveryId, stored.Signal.ResourceId, e);
            }
        }

        metrics.Swept(waiting, oldest, await DeadAsync(cancellationToken), await UnclaimedAsync(cancellationToken));
    }

    /// <summary>Removes events past their retention, and the listeners of journeys that are over or gone.</summary>
    public async Task CleanAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var cutoff = clock.GetUtcNow() - options.CurrentValue.Retention;
        // What may still have to be booked is kept, however old.
        var old = TableClient.CreateQueryFilter($"ReceivedAt lt {cutoff} and Settles eq {false}");
        await foreach (var row in tables.Inbox.QueryAsync<TableEntity>($"({Events}) and ({old})", cancellationToken: cancellationToken))
            await CleanAsync(row, () => tables.Inbox.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken));

        var listeners = TableClient.CreateQueryFilter(
            $"RowKey eq {Listeners.RowKey} and Since lt {clock.GetUtcNow() - TimeSpan.FromDays(1)}");
        await foreach (var row in tables.Inbox.QueryAsync<TableEntity>(listeners, cancellationToken: cancellationToken))
            await CleanAsync(row, async () =>
            {
                foreach (var listener in Listeners.Of(row))
                    await RemoveIfGoneAsync(row.GetString("ResourceId"), listener.InstanceId, client, cancellationToken);
            });

        async Task CleanAsync(TableEntity row, Func<Task> clean)
        {
            try
            {
                await clean();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // One row that cannot be cleaned up must not keep the others; the next run tries it again.
                logger.CleaningFailed(row.PartitionKey, row.RowKey, e);
            }
        }
    }

    private async Task RemoveIfGoneAsync(
        string resourceId, string instanceId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(instanceId, cancellationToken) is { IsCompleted: false })
            return;
        logger.ListenerGone(instanceId, resourceId);
        await inbox.RemoveListenerAsync(resourceId, instanceId, cancellationToken);
    }

    /// <summary>False when the event still waits.</summary>
    private async Task<bool> DeliverAsync(InboxEvent stored, TimeSpan age, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await inbox.DeliverAsync(stored, client, cancellationToken) > 0)
            return true;
        if (age < options.CurrentValue.DeadLetterAfter)
            return false;
        // Only if it is as it was read: a journey that starts to listen right now takes it.
        if (!await inbox.MarkAsync(stored, InboxState.Dead, cancellationToken))
            return true;
        logger.DeadLettered(stored.Name, stored.Signal.DeliveryId, stored.Signal.ResourceId);
        metrics.DeadLettered();
        return true;
    }

    private async Task<long> DeadAsync(CancellationToken cancellationToken)
    {
        var dead = 0L;
        var filter = TableClient.CreateQueryFilter($"State eq {nameof(InboxState.Dead)}");
        await foreach (var _ in tables.Inbox.QueryAsync<TableEntity>(
            $"({Events}) and ({filter})", select: ["RowKey"], cancellationToken: cancellationToken))
            dead++;
        return dead;
    }

    private async Task<long> UnclaimedAsync(CancellationToken cancellationToken)
    {
        var unclaimed = 0L;
        var filter = TableClient.CreateQueryFilter($"State eq {nameof(SettlementState.Unclaimed)}");
        await foreach (var _ in tables.Settlements.QueryAsync<TableEntity>(
            filter, select: ["RowKey"], cancellationToken: cancellationToken))
            unclaimed++;
        return unclaimed;
    }
}
