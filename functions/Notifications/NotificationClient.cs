using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Oms;
using OmsWorkflows.Outbox;
using OmsWorkflows.Secrets;

namespace OmsWorkflows.Notifications;

/// <summary>
/// Tells one endpoint one thing, once. The answer's status, and for how long it asks to be left alone, is all that is read of it: a body is
/// neither waited for nor logged, and a redirect is a refusal, since the address is set by configuration alone.
/// </summary>
public sealed class NotificationClient(
    IHttpClientFactory clients,
    IOptionsMonitor<NotificationOptions> options,
    Circuits circuits,
    NotificationMetrics metrics,
    TimeProvider clock,
    ILogger<NotificationClient> logger)
{
    internal const string ClientName = "notifications";

    internal async Task<NotificationAnswer> TellAsync(string endpoint, OutboxMessage message, CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        if (!settings.Receivers.TryGetValue(endpoint, out var url))
            return NotificationAnswer.Held;
        byte[][] keys = [.. Keys(settings)];
        if (keys.Length == 0)
        {
            logger.NoSecret(endpoint);
            return NotificationAnswer.Held;
        }

        var circuit = circuits.Of(endpoint);
        if (!circuit.TryEnter())
            return NotificationAnswer.Held;
        var answer = await SendAsync(url, message, keys, settings.Timeout, cancellationToken);
        metrics.Told(answer.Result);
        if (answer.Result == NotificationResult.Taken)
        {
            circuit.Succeeded();
            logger.Told(message.Type, message.Id, message.Subject, endpoint);
        }
        else
        {
            circuit.Failed(answer.RetryAfter);
            logger.Refused(message.Type, message.Id, message.Subject, endpoint, answer.Cause ?? "unknown");
        }

        return answer;
    }

    private async Task<NotificationAnswer> SendAsync(
        Uri url, OutboxMessage message, byte[][] keys, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(message.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(NotificationSignature.IdHeader, message.Id);
        request.Headers.Add(NotificationSignature.TimestampHeader, NotificationSignature.Timestamp(now));
        request.Headers.Add(
            NotificationSignature.SignatureHeader, NotificationSignature.Sign(message.Id, now, message.Body.Span, keys));
        using var inTime = new CancellationTokenSource(timeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, inTime.Token);
        using var client = clients.CreateClient(ClientName);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return response.IsSuccessStatusCode
                ? NotificationAnswer.Taken
                : NotificationAnswer.Refused($"status_{(int)response.StatusCode}", RetryAfter.Of(response, clock));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NotificationAnswer.Refused("time_out");
        }
        catch (HttpRequestException e)
        {
            // An exception's text may quote the address; the kind of error is enough.
            return NotificationAnswer.Refused(e.HttpRequestError.ToString());
        }
    }

    private static IEnumerable<byte[]> Keys(NotificationOptions settings)
    {
        foreach (var secret in (string?[])[settings.CurrentSecret, settings.NextSecret])
            if (NotificationSecret.TryRead(secret, out var key))
                yield return key;
    }
}
