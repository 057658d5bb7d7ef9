using System.Net;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Oms;
using OmsWorkflows.Secrets;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// The app's webhook endpoints at OMS. OMS shows an endpoint's secret once, so it goes straight into the secret store. The two settings for
/// secrets take turns: a rotation registers the next endpoint with its secret in the free one, and both are accepted until the older
/// endpoint
/// is deleted (docs/decisions/0002-store-first-inbox.md).
/// </summary>
public sealed class WebhookSubscriptions(OmsClient oms, ISecretStore secrets, SubscriptionSlots slots, ILogger<WebhookSubscriptions> logger)
{
    /// <summary>All endpoints OMS knows, and whose secrets this app holds.</summary>
    public async Task<IReadOnlyList<SubscriptionView>> ListAsync(CancellationToken cancellationToken)
    {
        var taken = await slots.TakenAsync(cancellationToken);
        var endpoints = await oms.ListWebhooksAsync(cancellationToken);
        return [.. endpoints.Select(
            endpoint => SubscriptionView.Of(endpoint, taken.FirstOrDefault(slot => slot.EndpointId == endpoint.Id)?.Setting))];
    }

    /// <summary>Registers the first endpoint. Repeated after a failure it finishes what was begun.</summary>
    /// <exception cref="SubscriptionConflictException">There is one already.</exception>
    public async Task<SubscriptionView> CreateAsync(string url, CancellationToken cancellationToken)
    {
        var taken = await slots.TakenAsync(cancellationToken);
        if (taken.Count > 0)
            throw new SubscriptionConflictException(
                $"Endpoint {taken[0].EndpointId} is registered already: rotate it, or delete it first.");
        return await RegisterAsync(SecretSettings.CurrentWebhookSecret, url, cancellationToken);
    }

    /// <summary>
    /// Registers the next endpoint, at the same address with a secret of its own. Repeated after a failure it finishes what was begun.
    /// </summary>
    /// <exception cref="SubscriptionConflictException">There is no endpoint to rotate, or a rotation is under way.</exception>
    public async Task<SubscriptionView> RotateAsync(CancellationToken cancellationToken)
    {
        var taken = await slots.TakenAsync(cancellationToken);
        if (taken.Count == 0)
            throw new SubscriptionConflictException("There is no endpoint to rotate: create one first.");
        if (taken.Count > 1)
            throw new SubscriptionConflictException("A rotation is under way: finish it first.");
        var free = taken[0].Setting == SecretSettings.CurrentWebhookSecret
            ? SecretSettings.NextWebhookSecret
            : SecretSettings.CurrentWebhookSecret;
        return await RegisterAsync(free, taken[0].Url, cancellationToken);
    }

    /// <summary>Ends a rotation: deletes the older endpoint and its secret, and answers its id.</summary>
    /// <exception cref="SubscriptionConflictException">No rotation is under way.</exception>
    public async Task<string> FinishRotationAsync(CancellationToken cancellationToken)
    {
        var taken = await slots.TakenAsync(cancellationToken);
        if (taken.Count < 2)
            throw new SubscriptionConflictException("No rotation is under way.");
        var older = taken.MinBy(slot => slot.BegunAt)!.EndpointId!;
        await DeleteAsync(older, cancellationToken);
        return older;
    }

    /// <summary>
    /// Pauses or resumes deliveries. What happens meanwhile is not sent later (docs/oms-api.md 9.3): journeys find out by asking.
    /// </summary>
    public async Task<SubscriptionView> EnableAsync(string endpointId, bool enabled, CancellationToken cancellationToken)
    {
        var endpoint = await oms.UpdateWebhookAsync(endpointId, new WebhookUpdate { Enabled = enabled }, cancellationToken);
        var taken = await slots.TakenAsync(cancellationToken);
        return SubscriptionView.Of(endpoint, taken.FirstOrDefault(slot => slot.EndpointId == endpointId)?.Setting);
    }

    /// <summary>Deletes an endpoint, and its secret if this app holds it. May be repeated.</summary>
    /// <returns>Whether there was anything to delete.</returns>
    public async Task<bool> DeleteAsync(string endpointId, CancellationToken cancellationToken)
    {
        var held = (await slots.TakenAsync(cancellationToken)).FirstOrDefault(slot => slot.EndpointId == endpointId);
        var existed = true;
        try
        {
            await oms.DeleteWebhookAsync(endpointId, cancellationToken);
        }
        catch (OmsException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            existed = false;
        }

        if (held is not null)
        {
            await secrets.RemoveAsync(held.Setting, cancellationToken);
            await slots.FreeAsync(held, cancellationToken);
        }

        if (existed)
            logger.Deleted(endpointId);
        return existed || held is not null;
    }

    private async Task<SubscriptionView> RegisterAsync(string setting, string url, CancellationToken cancellationToken)
    {
        // Written down before OMS is asked: a second attempt then sends the same key and gets the same secret (docs/oms-api.md 3.1).
        var begun = await slots.BeginAsync(setting, url, cancellationToken);
        var request = new WebhookRequest { Url = url, Events = EventNames.Subscribed };
        var endpoint = await oms.CreateWebhookAsync(request, begun.IdempotencyKey, cancellationToken);
        if (endpoint.Secret is not { Length: > 0 } secret)
            throw new SubscriptionConflictException(
                $"OMS registered endpoint {endpoint.Id} without showing its secret: delete it and try again.");
        await secrets.SetAsync(setting, secret, cancellationToken);
        await slots.TakeAsync(begun, endpoint.Id, cancellationToken);
        logger.Registered(endpoint.Id, setting);
        return SubscriptionView.Of(endpoint, setting);
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
