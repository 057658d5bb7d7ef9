using System.Net.Http.Headers;

namespace OmsWorkflows.Local.Sandbox.Webhooks;

/// <summary>Sends one attempt over real HTTP. Redirects are not followed.</summary>
internal sealed class WebhookSender(SandboxOptions options, ILogger<WebhookSender> logger) : IDisposable
{
    /// <summary>However much happens at once, so many deliveries are under way; the others wait, before their time limit begins.</summary>
    private const int AtOnce = 100;

    private readonly SemaphoreSlim _turns = new(AtOnce);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        Timeout = options.WebhookTimeout,
    };

    /// <summary>The status that came back, or why none did.</summary>
    public async Task<(int? Status, string? Error)> SendAsync(WebhookEndpoint endpoint, Delivery delivery, bool badSignature)
    {
        await _turns.WaitAsync();
        try
        {
            return await SendNowAsync(endpoint, delivery, badSignature);
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<(int? Status, string? Error)> SendNowAsync(WebhookEndpoint endpoint, Delivery delivery, bool badSignature)
    {
        // Always the real time: receivers compare it with their own clock. Made anew per attempt (docs/oms-api.md 9.3).
        var secret = badSignature ? WebhookSignature.SecretPrefix + new string('0', 64) : endpoint.Secret;
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new ByteArrayContent(delivery.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(
            WebhookSignature.HeaderName,
            WebhookSignature.Header(secret, options.SignatureKey, TimeProvider.System.GetUtcNow(), delivery.Body));
        SetHeaders(request, delivery.Headers);
        try
        {
            using var response = await _http.SendAsync(request);
            logger.Attempted(delivery.Id, delivery.Event.Name, (int)response.StatusCode);
            return ((int)response.StatusCode, null);
        }
        catch (HttpRequestException e)
        {
            logger.AttemptFailed(delivery.Id, delivery.Event.Name, e.Message);
            return (null, e.Message);
        }
        catch (TaskCanceledException)
        {
            logger.AttemptFailed(delivery.Id, delivery.Event.Name, "timed out");
            return (null, "timed out");
        }
    }

    private static void SetHeaders(HttpRequestMessage request, IReadOnlyDictionary<string, string> headers)
    {
        foreach (var (name, value) in headers)
        {
            // Which of the two collections a header belongs to is .NET's own distinction.
            HttpHeaders target = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
                ? request.Content!.Headers
                : request.Headers;
            target.Remove(name);
            if (value.Length > 0)
                target.TryAddWithoutValidation(name, value);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _turns.Dispose();
    }
}
