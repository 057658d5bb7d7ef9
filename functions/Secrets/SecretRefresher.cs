using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Secrets;

/// <summary>Asks the vault for changed secrets while the app runs, so that a rotation needs no restart.</summary>
internal sealed class SecretRefresher(KeyVaultSecrets secrets, SecretsOptions options, TimeProvider time, ILogger<SecretRefresher> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.RefreshInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            await RefreshOnceAsync(stoppingToken).ConfigureAwait(false);
    }

    private async Task RefreshOnceAsync(CancellationToken ct)
    {
        try
        {
            var refresh = await secrets.RefreshAsync(ct).ConfigureAwait(false);
            if (refresh.Changed.Count > 0) Log.SecretsReloaded(logger, string.Join(", ", refresh.Changed));
            foreach (var (setting, status) in refresh.Failures) Log.RefreshFailed(logger, setting, status);
        }
        // No network, no token, an attempt that took too long: as temporary as the vault's own refusals. The app lives on with what it knows.
        catch (Exception failure) when (!ct.IsCancellationRequested)
        {
            Log.RefreshRoundFailed(logger, failure);
        }
    }
}
