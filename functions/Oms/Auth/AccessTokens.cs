namespace OmsWorkflows.Oms;

/// <summary>
/// The access token all calls share (OMS API 2): exchanged once however many calls wait for it, and again 60 s before it runs out or when a
/// call was answered 401.
/// </summary>
internal sealed class AccessTokens(TokenExchange exchange, TimeProvider time)
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
            if (current is { } token && token != refused && time.GetUtcNow() < token.RefreshAt) return Task.FromResult(token);
            shared = pending ??= Task.Run(ExchangeAsync, CancellationToken.None);
        }
        return shared.WaitAsync(cancellationToken);
    }

    private async Task<AccessToken> ExchangeAsync()
    {
        try
        {
            var token = await exchange.ExchangeAsync().ConfigureAwait(false);
            lock (gate) current = token;
            return token;
        }
        finally
        {
            lock (gate) pending = null;
        }
    }
}
