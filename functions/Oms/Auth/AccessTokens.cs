namespace OmsWorkflows.Oms;

/// <summary>
/// The access token all calls share (docs/oms-api.md 2): exchanged once however many calls wait for it, and again 60 s before it runs out
/// or when a call was answered 401. An exchange has a time limit of its own and is forgotten when it fails: the next call starts a new one.
/// </summary>
internal sealed class AccessTokens(TokenExchange exchange, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private AccessToken? _current;
    private Task<AccessToken>? _pending;

    /// <summary>A token that is still good.</summary>
    /// <param name="refused">A token OMS just answered 401 to: not handed out again.</param>
    /// <param name="cancellationToken">Ends this wait, not the exchange others may be waiting for.</param>
    public Task<AccessToken> GetAsync(AccessToken? refused, CancellationToken cancellationToken)
    {
        Task<AccessToken> shared;
        lock (_gate)
        {
            if (_current is { } token && token != refused && clock.GetUtcNow() < token.RefreshAt)
            {
                return Task.FromResult(token);
            }

            shared = _pending ??= Task.Run(ExchangeAsync, CancellationToken.None);
        }

        return shared.WaitAsync(cancellationToken);
    }

    private async Task<AccessToken> ExchangeAsync()
    {
        try
        {
            var token = await exchange.ExchangeAsync();
            lock (_gate)
            {
                _current = token;
            }

            return token;
        }
        finally
        {
            lock (_gate)
            {
                _pending = null;
            }
        }
    }
}
