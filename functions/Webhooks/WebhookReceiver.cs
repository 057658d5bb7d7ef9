using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Http;
using OmsWorkflows.Secrets;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// Takes a delivery of OMS: checks it, stores it, then tells the journeys that listen (docs/decisions/0002-store-first-inbox.md). What OMS
/// signed is stored whatever it says. It answers 200 only for what is stored, and never 410, which would switch the endpoint off
/// (docs/oms-api.md 9.3).
/// </summary>
public sealed class WebhookReceiver(
    Inbox inbox, IOptionsMonitor<WebhookOptions> options, ISecretRefresh secrets, TimeProvider clock, AppMetrics metrics,
    ILogger<WebhookReceiver> logger)
{
    /// <summary>OMS waits ten seconds (docs/oms-api.md 9.3); an answer after that is none.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    /// <summary>Serves one delivery.</summary>
    public async Task<IResult> ReceiveAsync(HttpRequest request, DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        var started = clock.GetTimestamp();
        using var activity = AppTelemetry.Source.StartActivity("webhook.receive");
        var (verdict, received) = await JudgeAsync(request, client);
        var name = received is null ? null : received.Signal.Event.ToString();
        activity?.SetTag("oms.webhook.verdict", verdict.ToString());
        activity?.SetTag("oms.webhook.event", name);
        activity?.SetTag("oms.resource.id", received?.Signal.ResourceId);
        metrics.WebhookReceived(verdict.ToString(), name, clock.GetElapsedTime(started));
        return Answer(verdict);
    }

    private async Task<(WebhookVerdict Verdict, InboxEvent? Received)> JudgeAsync(HttpRequest request, DurableTaskClient client)
    {
        ReadOnlyMemory<byte>? body;
        try
        {
            body = await WebhookBody.ReadAsync(request, request.HttpContext.RequestAborted);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return Refused(WebhookVerdict.Incomplete);
        }

        if (body is not { } bytes)
        {
            return Refused(WebhookVerdict.TooLarge);
        }

        var now = clock.GetUtcNow();
        var signature = Verify(request, bytes, now);
        if (signature is SignatureVerdict.Mismatch or SignatureVerdict.NoSecret)
        {
            // Another instance may have stored a secret since this one read them.
            var areFresh = await secrets.TryRefreshAsync(request.HttpContext.RequestAborted);
            signature = Verify(request, bytes, now);
            if (signature == SignatureVerdict.Mismatch && !areFresh)
            {
                return Refused(WebhookVerdict.SecretsStale);
            }
        }

        if (signature != SignatureVerdict.Valid)
        {
            return Refused(Of(signature));
        }

        var received = WebhookEnvelope.Read(bytes, now);
        return (await TakeAsync(received, client), received);
    }

    private SignatureVerdict Verify(HttpRequest request, ReadOnlyMemory<byte> body, DateTimeOffset now)
        => WebhookSignature.Verify(request.Headers[WebhookSignature.HeaderName], body.Span, options.CurrentValue, now);

    /// <summary>Signed by OMS from here on: it is stored whatever it says, or OMS has to send it again.</summary>
    private async Task<WebhookVerdict> TakeAsync(InboxEvent received, DurableTaskClient client)
    {
        // Not the request's own token: that OMS hung up is no reason to leave a delivery half done.
        using var deadline = new CancellationTokenSource(Deadline, clock);
        try
        {
            if (await inbox.TakeAsync(received, client, deadline.Token))
            {
                logger.Accepted(received.Name, received.Signal.DeliveryId, received.Signal.ResourceId);
                return received.Name == WebhookEnvelope.Unnamed ? WebhookVerdict.NotUnderstood : WebhookVerdict.Accepted;
            }

            logger.SeenBefore(received.Name, received.Signal.DeliveryId);
            return WebhookVerdict.Duplicate;
        }
        catch (Exception e)
        {
            // Whatever it was, the delivery is not safely in: OMS keeps it and sends it again.
            logger.NotStored(received.Name, received.Signal.DeliveryId, e);
            return WebhookVerdict.StoreUnavailable;
        }
    }

    private (WebhookVerdict Verdict, InboxEvent? Received) Refused(WebhookVerdict verdict)
    {
        logger.Refused(verdict);
        return (verdict, null);
    }

    private static WebhookVerdict Of(SignatureVerdict signature) => signature switch
    {
        SignatureVerdict.NoSecret => WebhookVerdict.NoSecret,
        SignatureVerdict.Missing => WebhookVerdict.SignatureMissing,
        SignatureVerdict.Repeated => WebhookVerdict.SignatureRepeated,
        SignatureVerdict.Malformed => WebhookVerdict.SignatureMalformed,
        SignatureVerdict.TooOld => WebhookVerdict.SignatureTooOld,
        SignatureVerdict.TooNew => WebhookVerdict.SignatureTooNew,
        _ => WebhookVerdict.SignatureMismatch,
    };

    /// <summary>
    /// Whoever cannot sign learns nothing about why: all refused signatures are answered alike. The log and the metric say more.
    /// </summary>
    private static IResult Answer(WebhookVerdict verdict) => verdict switch
    {
        WebhookVerdict.Accepted or WebhookVerdict.Duplicate or WebhookVerdict.NotUnderstood => Results.Ok(),
        WebhookVerdict.TooLarge => Problems.TooLarge(WebhookBody.MaxBytes),
        WebhookVerdict.Incomplete => Problems.MalformedBody("The body broke off: send it again."),
        WebhookVerdict.NoSecret => Problems.Unavailable("No webhook secret is set up: register the subscription first."),
        WebhookVerdict.SecretsStale => Problems.Unavailable("The signature cannot be checked right now: send it again later."),
        WebhookVerdict.StoreUnavailable => Problems.Unavailable("The delivery could not be stored: send it again later."),
        _ => Problems.Unauthorized(
            $"Sign the raw body with a secret in use and the current time, in one {WebhookSignature.HeaderName} header: "
            + "t=<unix seconds>,v1=<hex>."),
    };
}
