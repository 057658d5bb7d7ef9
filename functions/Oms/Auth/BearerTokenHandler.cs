using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Oms;

/// <summary>
/// Puts the access token on every call. A 401 means the token is past its time (docs/oms-api.md 2): one new exchange and one repetition, no
/// more. Stands outside the attempts, so that repetitions of a call do not multiply exchanges.
/// </summary>
internal sealed class BearerTokenHandler(AccessTokens tokens, ILogger<BearerTokenHandler> logger) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(refused: null, cancellationToken);
        var response = await SendWithAsync(token, request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        response.Dispose();
        logger.TokenRefused();
        token = await tokens.GetAsync(refused: token, cancellationToken);
        return await SendWithAsync(token, request, cancellationToken);
    }

    private Task<HttpResponseMessage> SendWithAsync(AccessToken token, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        return base.SendAsync(request, cancellationToken);
    }
}
