namespace OmsWorkflows.Oms;

/// <summary>
/// The access token all calls share (docs/oms-api.md 2): exchanged once however many calls wait for it, and again 60 s before it runs out
/// or when a call was answered 401. An exchange has a time limit of its own and is forgotten when it fails: the next call starts a new one.
/// </summary>
internal sealed class AccessTokens(TokenExchange exchange, TimeProvider clock)
{
    private readonly Lock gate = new();
    private AccessToken? current;
    private Task<AccessToken>? pending;

    /// <summary>A token that is still good.</summary>
    /// <param name="refused">A token OMS just answered 401 to: not handed out again.</param>
    /// <param name="cancellationToken">Ends this wait, not the exchange others may be waiting for.</param>
    public Task<AccessToken> GetAsync(AccessToken? refused, CancellationToken cancellationToken)
    {
        Task<AccessToken> shared;
        lock (gate)
        {
            if (current is { } token && token != refused && clock.GetUtcNow() < token.RefreshAt)
            {
                return Task.FromResult(token);
            }

            shared = pending ??= Task.Run(ExchangeAsync, CancellationToken.None);
        }

        return shared.WaitAsync(cancellationToken);
    }

    private async Task<AccessToken> ExchangeAsync()
    {
        try
        {
            var token = await exchange.ExchangeAsync();
            lock (gate)
            {
                current = token;
            }

            return token;
        }
        finally
        {
            lock (gate)
            {
                pending = null;
            }
        }
    }
}
