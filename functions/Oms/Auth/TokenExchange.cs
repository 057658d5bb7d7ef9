using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Oms;

/// <summary>Exchanges API key and secret for an access token (OMS API 2). They are sent nowhere else.</summary>
internal sealed class TokenExchange(
    IHttpClientFactory clients, IOptionsMonitor<OmsOptions> options, TimeProvider time, ILogger<TokenExchange> logger)
{
    public const string ClientName = "oms-token";

    private static readonly TimeSpan RefreshEarly = TimeSpan.FromSeconds(60);

    /// <exception cref="OmsException">OMS refused the key (not retryable), or could not be asked (retryable).</exception>
    public async Task<AccessToken> ExchangeAsync()
    {
        var settings = options.CurrentValue;
        using var client = clients.CreateClient(ClientName);
        using var request = OmsRequests.Create(HttpMethod.Post, "auth/token", OmsRequests.TokenRoute);
        request.Content = OmsRequests.Body(new TokenRequest(settings.ApiKey, settings.ApiSecret), TokenJson.Default.TokenRequest);
        var asked = time.GetUtcNow();
        var answer = await OmsRequests.SendAsync(client, request, TokenJson.Default.TokenAnswer, Explain, CancellationToken.None).ConfigureAwait(false);
        if (string.IsNullOrEmpty(answer.AccessToken)) throw OmsException.Unreadable(OmsRequests.Describe(request), ambiguous: false, inner: null);
        var lifetime = TimeSpan.FromSeconds(answer.ExpiresIn);
        // A token that lives shorter than the margin is used for half its life rather than exchanged on every call.
        var refreshAt = asked + (lifetime > 2 * RefreshEarly ? lifetime - RefreshEarly : lifetime / 2);
        logger.TokenExchanged(refreshAt);
        return new AccessToken(answer.AccessToken, refreshAt);
    }

    private OmsException Explain(OmsException failure)
    {
        if (failure.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest)) return failure;
        logger.KeyRefused((int)failure.StatusCode, failure.RequestId);
        return OmsException.KeyRefused(failure);
    }
}
