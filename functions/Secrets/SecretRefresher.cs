using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Secrets;

/// <summary>Asks the vault for changed secrets while the app runs, so that a rotation needs no restart.</summary>
internal sealed class SecretRefresher(
    KeyVaultSecrets secrets, SecretsOptions options, SecretMetrics metrics, TimeProvider clock,
        ILogger<SecretRefresher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Refused(secrets.RefusedAtStart);
        using var timer = new PeriodicTimer(options.RefreshInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var refresh = await secrets.RefreshAsync(stoppingToken);
            if (refresh.Changed.Count > 0)
                logger.SecretsReloaded(string.Join(", ", refresh.Changed));
            foreach (var failure in refresh.Failures)
                logger.RefreshFailed(failure.Setting, failure.Status, failure.Cause);
            Refused(refresh.Refused);
        }
    }

    /// <summary>Said at every look, for as long as it is so: the alarm ends when the secret is right.</summary>
    private void Refused(IEnumerable<string> settings)
    {
        foreach (var setting in settings)
        {
            logger.SecretRefused(setting);
            metrics.Refused(setting);
        }
    }
}
