using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Oms;

/// <summary>Exchanges API key and secret for an access token (docs/oms-api.md 2). They are sent nowhere else.</summary>
internal sealed class TokenExchange(
    IHttpClientFactory clients, OmsCalls calls, IOptionsMonitor<OmsOptions> options, TimeProvider clock, ILogger<TokenExchange> logger)
{
    public const string ClientName = "oms-token";

    private static readonly TimeSpan RefreshEarly = TimeSpan.FromSeconds(60);

    /// <exception cref="OmsNoAnswerException">OMS did not take the key, or could not be asked.</exception>
    public async Task<AccessToken> ExchangeAsync()
    {
        var settings = options.CurrentValue;
        using var client = clients.CreateClient(ClientName);
        using var request = OmsRequest.Create(HttpMethod.Post, "auth/token", OmsRequest.TokenPath);
        request.Content = OmsRequest.Body(new TokenRequest(settings.ApiKey, settings.ApiSecret), TokenJson.Default.TokenRequest);
        var asked = clock.GetUtcNow();
        try
        {
            var answer =
                await calls.AskAsync(client, request, TokenJson.Default.TokenAnswer, token => token.Doubt(), CancellationToken.None);
            var lifetime = answer.Lifetime(asked);
            // A token that lives shorter than the margin is used for half its life rather than exchanged on every call.
            var refreshAt = asked + (lifetime > 2 * RefreshEarly ? lifetime - RefreshEarly : lifetime / 2);
            logger.TokenExchanged(refreshAt);
            return new AccessToken(answer.AccessToken!, refreshAt);
        }
        catch (OmsNoAnswerException e) when (e.Silence.Cause == OmsCause.CredentialsRefused)
        {
            logger.KeyRefused(e.Silence.Status, e.RequestId);
            throw;
        }
    }
}
