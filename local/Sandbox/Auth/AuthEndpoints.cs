using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Auth;

/// <summary>Token exchange (docs/oms-api.md 2).</summary>
internal static class AuthEndpoints
{
    public static void MapAuth(this IEndpointRouteBuilder api) => api.MapPost("/auth/token", async (HttpRequest request, Tokens tokens) =>
    {
        var body = await JsonBody.ReadAsync(request);
        var (apiKey, apiSecret) = (body.RequiredText("apiKey"), body.RequiredText("apiSecret"));
        body.Check();
        var token = tokens.Exchange(apiKey, apiSecret);
        return Answer.Ok(new { AccessToken = token.Token, token.TokenType, token.ExpiresIn, token.ExpiresAt });
    });
}

/// <summary>Requires a bearer token on every call but the exchange itself.</summary>
internal sealed class BearerTokens(RequestDelegate next, Tokens tokens)
{
    public const string OwnerKey = "sandbox.owner";

    public Task InvokeAsync(HttpContext context)
    {
        if (ApiPath.IsTokenExchange(context))
            return next(context);
        context.Items[OwnerKey] = tokens.Owner(context.Request.Headers.Authorization);
        return next(context);
    }
}
