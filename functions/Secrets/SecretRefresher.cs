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
        {
            var refresh = await secrets.RefreshAsync(stoppingToken).ConfigureAwait(false);
            if (refresh.Changed.Count > 0) logger.SecretsReloaded(string.Join(", ", refresh.Changed));
            foreach (var failure in refresh.Failures) logger.RefreshFailed(failure.Setting, failure.Status, failure.Cause);
        }
    }
}
