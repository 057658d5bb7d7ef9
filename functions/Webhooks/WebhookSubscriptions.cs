using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Oms;
using OmsWorkflows.Secrets;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// The app's webhook endpoints at OMS. OMS shows an endpoint's secret once, so it goes straight into the secret store. The two settings
/// for secrets take turns: a rotation registers the next endpoint with its secret in the free one, and both are accepted until the older
/// endpoint is deleted (docs/decisions/0002-store-first-inbox.md).
/// </summary>
public sealed class WebhookSubscriptions(
    OmsClient oms,
    IOptions<OmsOptions> options,
    ISecretStore secrets,
    SubscriptionSlots slots,
    TimeProvider clock,
    ILogger<WebhookSubscriptions> logger)
{
    /// <summary>
    /// For how long a repeated registration is trusted to be answered like the first; OMS is assumed to keep keys for 24 hours
    /// (docs/oms-api.md 3.1).
    /// </summary>
    private static readonly TimeSpan TrustKeyFor = TimeSpan.FromHours(20);

    /// <summary>How far OMS's clock may be off this machine's.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>All endpoints OMS knows, and whose secrets this app holds.</summary>
    public async Task<IReadOnlyList<SubscriptionView>> ListAsync(CancellationToken cancellationToken)
    {
        var known = await slots.ReadAsync(cancellationToken);
        var endpoints = await oms.ListWebhooksAsync(cancellationToken);
        return [.. endpoints.Select(endpoint => SubscriptionView.Of(endpoint, SettingOf(known, endpoint.Id)))];
    }

    /// <summary>Registers the first endpoint. Repeated after a failure it finishes what was begun.</summary>
    /// <exception cref="SubscriptionConflictException">There is one already, or somebody else is at it.</exception>
    public Task<SubscriptionView> CreateAsync(string url, CancellationToken cancellationToken) => slots.HoldAsync(async (turn, token) =>
    {
        await FinishRemovalsAsync(turn, token);
        if (turn.Stored is [var first, ..])
            throw new SubscriptionConflictException($"Endpoint {first.EndpointId} is registered already: rotate it, or delete it first.");
        return await RegisterAsync(turn, SecretSettings.CurrentWebhookSecret, url, token);
    }, cancellationToken);

    /// <summary>
    /// Registers the next endpoint, at the same address with a secret of its own. Repeated after a failure it finishes what was begun.
    /// </summary>
    /// <exception cref="SubscriptionConflictException">
    /// There is no endpoint to rotate, a rotation is under way, or somebody else is at it.
    /// </exception>
    public Task<SubscriptionView> RotateAsync(CancellationToken cancellationToken) => slots.HoldAsync(async (turn, token) =>
    {
        await FinishRemovalsAsync(turn, token);
        if (turn.Stored.Count == 0)
            throw new SubscriptionConflictException("There is no endpoint to rotate: create one first.");
        if (turn.Stored.Count > 1)
            throw new SubscriptionConflictException("A rotation is under way: finish it first.");
        var free = turn.Stored[0].Setting == SecretSettings.CurrentWebhookSecret
            ? SecretSettings.NextWebhookSecret
            : SecretSettings.CurrentWebhookSecret;
        return await RegisterAsync(turn, free, turn.Stored[0].Url, token);
    }, cancellationToken);

    /// <summary>Ends a rotation: deletes the older endpoint and its secret, and answers its id.</summary>
    /// <exception cref="SubscriptionConflictException">No rotation is under way, or somebody else is at it.</exception>
    public Task<string> FinishRotationAsync(CancellationToken cancellationToken) => slots.HoldAsync(async (turn, token) =>
    {
        var older = turn.Slots.FirstOrDefault(slot => slot.Phase == SubscriptionPhase.Removing)
            ?? (turn.Stored.Count > 1 ? turn.Stored.MinBy(slot => slot.BegunAt) : null)
            ?? throw new SubscriptionConflictException("No rotation is under way.");
        await RemoveAsync(turn, older, token);
        return older.EndpointId!;
    }, cancellationToken);

    /// <summary>
    /// Pauses or resumes deliveries. What happens meanwhile is not sent later (docs/oms-api.md 9.3): journeys find out by asking.
    /// </summary>
    public async Task<SubscriptionView> EnableAsync(string endpointId, bool enabled, CancellationToken cancellationToken)
    {
        var endpoint = await oms.UpdateWebhookAsync(endpointId, new WebhookUpdate { Enabled = enabled }, cancellationToken);
        return SubscriptionView.Of(endpoint, SettingOf(await slots.ReadAsync(cancellationToken), endpointId));
    }

    /// <summary>Deletes an endpoint, and its secret if this app holds it. May be repeated.</summary>
    /// <returns>Whether there was anything to delete.</returns>
    /// <exception cref="SubscriptionConflictException">Somebody else is at it.</exception>
    public Task<bool> DeleteAsync(string endpointId, CancellationToken cancellationToken) => slots.HoldAsync(async (turn, token) =>
    {
        if (turn.Slots.FirstOrDefault(slot => slot.EndpointId == endpointId) is not { } held)
            return await DeleteEndpointAsync(endpointId, token);
        await RemoveAsync(turn, held, token);
        return true;
    }, cancellationToken);

    private static string? SettingOf(IEnumerable<SubscriptionSlot> known, string endpointId)
        => known.FirstOrDefault(slot => slot.EndpointId == endpointId && slot.Phase == SubscriptionPhase.Stored)?.Setting;

    private async Task<SubscriptionView> RegisterAsync(
        SubscriptionTurn turn, string setting, string url, CancellationToken cancellationToken)
    {
        var begun = turn.Slots.FirstOrDefault(slot => slot.Setting == setting);
        if (begun is not null && (begun.Url != url || clock.GetUtcNow() - begun.BegunAt >= TrustKeyFor))
        {
            await RemoveAsync(turn, begun, cancellationToken);
            begun = null;
        }

        var slot = begun ?? await BeginAsync(turn, setting, url, cancellationToken);
        var endpoint = await CreateEndpointAsync(slot, cancellationToken);
        if (begun is not null && !await ExistsAsync(endpoint.Id, cancellationToken))
        {
            // OMS repeats what it answered to this key, and the endpoint was deleted since.
            await RemoveAsync(turn, slot, cancellationToken);
            slot = await BeginAsync(turn, setting, url, cancellationToken);
            endpoint = await CreateEndpointAsync(slot, cancellationToken);
        }

        // Its id before its secret: from here on a crash leaves nothing that nobody knows.
        slot = slot with { EndpointId = endpoint.Id, Phase = SubscriptionPhase.Registered };
        await turn.SaveAsync(slot, cancellationToken);
        if (endpoint.Secret is not { Length: > 0 } secret)
        {
            await RemoveAsync(turn, slot, cancellationToken);
            throw new SubscriptionConflictException(
                $"OMS registered endpoint {endpoint.Id} without showing its secret; it is deleted: try again.");
        }

        if (begun is not null)
            await DeleteOrphansAsync(turn, slot, cancellationToken);
        await secrets.SetAsync(setting, secret, cancellationToken);
        await turn.SaveAsync(slot with { Phase = SubscriptionPhase.Stored }, cancellationToken);
        logger.Registered(endpoint.Id, setting);
        return SubscriptionView.Of(endpoint, setting);
    }

    /// <summary>
    /// Written down before OMS is asked: a second attempt then sends the same key and gets the same secret (docs/oms-api.md 3.1).
    /// </summary>
    private async Task<SubscriptionSlot> BeginAsync(SubscriptionTurn turn, string setting, string url, CancellationToken cancellationToken)
    {
        var slot = new SubscriptionSlot(setting, url, $"webhook-{Guid.NewGuid():N}", clock.GetUtcNow());
        await turn.SaveAsync(slot, cancellationToken);
        return slot;
    }

    private Task<WebhookEndpoint> CreateEndpointAsync(SubscriptionSlot slot, CancellationToken cancellationToken) => oms.CreateWebhookAsync(
        new WebhookRequest { Url = slot.Url, Events = EventNames.SubscribedIn(options.Value.ApiVersion) },
        slot.IdempotencyKey,
        cancellationToken);

    private async Task FinishRemovalsAsync(SubscriptionTurn turn, CancellationToken cancellationToken)
    {
        foreach (var slot in turn.Slots.Where(slot => slot.Phase == SubscriptionPhase.Removing))
            await RemoveAsync(turn, slot, cancellationToken);
    }

    /// <summary>Deletes an endpoint of this app, however far it came, then its secret.</summary>
    private async Task RemoveAsync(SubscriptionTurn turn, SubscriptionSlot slot, CancellationToken cancellationToken)
    {
        if (slot.EndpointId is null)
        {
            await DeleteOrphansAsync(turn, slot, cancellationToken);
        }
        else
        {
            await turn.SaveAsync(slot with { Phase = SubscriptionPhase.Removing }, cancellationToken);
            await DeleteEndpointAsync(slot.EndpointId, cancellationToken);
            await secrets.RemoveAsync(slot.Setting, cancellationToken);
        }

        await turn.FreeAsync(slot, cancellationToken);
    }

    /// <summary>
    /// An endpoint whose registration was never answered has our address and an age that fits, and no setting holds its secret. Nobody
    /// could
    /// accept what it delivers.
    /// </summary>
    private async Task DeleteOrphansAsync(SubscriptionTurn turn, SubscriptionSlot begun, CancellationToken cancellationToken)
    {
        foreach (var endpoint in await oms.ListWebhooksAsync(cancellationToken))
        {
            var isKnown = turn.Slots.Any(slot => slot.EndpointId == endpoint.Id);
            if (!isKnown && endpoint.Url == begun.Url && endpoint.CreatedAt >= begun.BegunAt - ClockSkew)
                await DeleteEndpointAsync(endpoint.Id, cancellationToken);
        }
    }

    private async Task<bool> ExistsAsync(string endpointId, CancellationToken cancellationToken)
    {
        try
        {
            await oms.GetWebhookAsync(endpointId, cancellationToken);
            return true;
        }
        catch (OmsException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private async Task<bool> DeleteEndpointAsync(string endpointId, CancellationToken cancellationToken)
    {
        try
        {
            await oms.DeleteWebhookAsync(endpointId, cancellationToken);
            logger.Deleted(endpointId);
            return true;
        }
        catch (OmsException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}

/// <summary>A webhook endpoint as operators see it, without its secret.</summary>
/// <param name="Id">Its id at OMS.</param>
/// <param name="Url">Where deliveries go.</param>
/// <param name="Enabled">Whether deliveries are made.</param>
/// <param name="Status">Its health at OMS, in OMS's word.</param>
/// <param name="Events">Which events; none means all.</param>
/// <param name="SecretSetting">The setting that holds its secret; null when this app did not register it.</param>
/// <param name="CreatedAt">When it was registered.</param>
public sealed record SubscriptionView(
    string Id, string? Url, bool Enabled, string? Status, IReadOnlyList<string> Events, string? SecretSetting, DateTimeOffset? CreatedAt)
{
    internal static SubscriptionView Of(WebhookEndpoint endpoint, string? setting)
        => new(endpoint.Id, endpoint.Url, endpoint.Enabled, endpoint.StatusText, endpoint.Events, setting, endpoint.CreatedAt);
}

/// <summary>What was asked of the subscription does not fit how it stands. The message says what to do.</summary>
public sealed class SubscriptionConflictException(string message) : Exception(message);
