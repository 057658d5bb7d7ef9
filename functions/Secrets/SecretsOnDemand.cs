namespace OmsWorkflows.Secrets;

/// <summary>
/// Asks the vault out of turn, but never more often than <see cref="Pause"/>: whoever sends forged signatures causes no load there.
/// </summary>
internal sealed class SecretsOnDemand(KeyVaultSecrets secrets, TimeProvider clock) : ISecretRefresh
{
    /// <summary>The shortest time between two refreshes on demand.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private long _next;

    public async Task<bool> TryRefreshAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var next = Interlocked.Read(ref _next);
        if (now.UtcTicks < next || Interlocked.CompareExchange(ref _next, (now + Pause).UtcTicks, next) != next)
            return false;
        var refresh = await secrets.RefreshAsync(cancellationToken);
        return refresh.Failures.Count == 0;
    }
}

/// <summary>A file on this machine is watched: there is nothing to be fetched.</summary>
internal sealed class SecretsAtHand : ISecretRefresh
{
    public Task<bool> TryRefreshAsync(CancellationToken cancellationToken) => Task.FromResult(true);
}
