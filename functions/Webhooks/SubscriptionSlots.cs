using System.Net;
using Azure;
using Azure.Data.Tables;
using OmsWorkflows.Secrets;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>Remembers which endpoint's secret each of the two settings holds, and registrations that have begun.</summary>
public sealed class SubscriptionSlots(AppTables tables, TimeProvider clock)
{
    private const string Partition = "endpoint";

    /// <summary>
    /// For how long a repeated registration is trusted to be answered like the first; OMS is assumed to keep keys for 24 hours
    /// (docs/oms-api.md 3.1).
    /// </summary>
    private static readonly TimeSpan TrustKeyFor = TimeSpan.FromHours(20);

    /// <summary>The settings whose secrets belong to an endpoint.</summary>
    internal async Task<IReadOnlyList<SubscriptionSlot>> TakenAsync(CancellationToken cancellationToken)
    {
        var taken = new List<SubscriptionSlot>();
        foreach (var setting in (string[])[SecretSettings.CurrentWebhookSecret, SecretSettings.NextWebhookSecret])
            if (await FindAsync(setting, cancellationToken) is { EndpointId: not null } slot)
                taken.Add(slot);
        return taken;
    }

    /// <summary>Notes that an endpoint is about to be registered, or finds the note of an attempt that broke off.</summary>
    /// <exception cref="SubscriptionConflictException">Somebody else is at it.</exception>
    internal async Task<SubscriptionSlot> BeginAsync(string setting, string url, CancellationToken cancellationToken)
    {
        var found = await FindAsync(setting, cancellationToken);
        if (found is not null && found.Url == url && clock.GetUtcNow() - found.BegunAt < TrustKeyFor)
            return found;
        var begun = new SubscriptionSlot(setting, url, $"webhook-{Guid.NewGuid():N}", clock.GetUtcNow(), null, default);
        try
        {
            var answer = found is null
                ? await tables.Subscriptions.AddEntityAsync(Row(begun), cancellationToken)
                : await tables.Subscriptions.UpdateEntityAsync(Row(begun), found.ETag, TableUpdateMode.Replace, cancellationToken);
            return begun with { ETag = answer.Headers.ETag ?? ETag.All };
        }
        catch (RequestFailedException e) when (e.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.PreconditionFailed)
        {
            throw new SubscriptionConflictException(
                "Somebody else is registering an endpoint right now: look at the list, then try again.");
        }
    }

    /// <summary>Notes that the endpoint exists and its secret is stored.</summary>
    internal async Task TakeAsync(SubscriptionSlot slot, string endpointId, CancellationToken cancellationToken)
        => await tables.Subscriptions.UpdateEntityAsync(
            Row(slot with { EndpointId = endpointId }), ETag.All, TableUpdateMode.Replace, cancellationToken);

    /// <summary>The setting can be used for another endpoint.</summary>
    internal async Task FreeAsync(SubscriptionSlot slot, CancellationToken cancellationToken)
        => await tables.Subscriptions.DeleteEntityAsync(Partition, Key(slot.Setting), ETag.All, cancellationToken);

    private async Task<SubscriptionSlot?> FindAsync(string setting, CancellationToken cancellationToken)
    {
        var found = await tables.Subscriptions.GetEntityIfExistsAsync<TableEntity>(
            Partition, Key(setting), cancellationToken: cancellationToken);
        if (!found.HasValue)
            return null;
        var row = found.Value!;
        return new(
            setting,
            row.GetString("Url"),
            row.GetString("IdempotencyKey"),
            row.GetDateTimeOffset("BegunAt")!.Value,
            row.GetString("EndpointId"),
            row.ETag);
    }

    private static TableEntity Row(SubscriptionSlot slot) => new(Partition, Key(slot.Setting))
    {
        ["Url"] = slot.Url,
        ["IdempotencyKey"] = slot.IdempotencyKey,
        ["BegunAt"] = slot.BegunAt,
        ["EndpointId"] = slot.EndpointId,
    };

    private static string Key(string setting) => TableKey.Of(setting);
}

/// <summary>One setting for a secret, and whose it holds.</summary>
/// <param name="Setting">Name of the setting.</param>
/// <param name="Url">Where the endpoint's deliveries go.</param>
/// <param name="IdempotencyKey">Key its registration is sent with.</param>
/// <param name="BegunAt">When its registration began.</param>
/// <param name="EndpointId">The endpoint; null until it is registered and its secret stored.</param>
/// <param name="ETag">Version of the row.</param>
internal sealed record SubscriptionSlot(
    string Setting, string Url, string IdempotencyKey, DateTimeOffset BegunAt, string? EndpointId, ETag ETag);
