using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Secrets;

/// <summary>Asks the vault for changed secrets while the app runs, so that a rotation needs no restart.</summary>
internal sealed class SecretRefresher(KeyVaultSecrets secrets, SecretsOptions options, TimeProvider clock, ILogger<SecretRefresher> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.RefreshInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var refresh = await secrets.RefreshAsync(stoppingToken);
            if (refresh.Changed.Count > 0)
                logger.SecretsReloaded(string.Join(", ", refresh.Changed));
            foreach (var failure in refresh.Failures)
                logger.RefreshFailed(failure.Setting, failure.Status, failure.Cause);
        }
    }
}
