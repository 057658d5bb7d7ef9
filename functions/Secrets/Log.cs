using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Secrets;

/// <summary>What the handling of secrets logs: names and statuses, never a value.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Information, "Secrets changed in the vault and were reloaded: {Settings}")]
    public static partial void SecretsReloaded(this ILogger logger, string settings);

    [LoggerMessage(5002, LogLevel.Warning, "Secret {Setting} could not be refreshed (status {Status}); the last known value stays in use")]
    public static partial void RefreshFailed(this ILogger logger, string setting, int status, Exception cause);

    [LoggerMessage(5003, LogLevel.Information, "Secret {Setting} was stored")]
    public static partial void SecretStored(this ILogger logger, string setting);

    [LoggerMessage(5004, LogLevel.Information, "Secret {Setting} was taken out of use")]
    public static partial void SecretRemoved(this ILogger logger, string setting);

    [LoggerMessage(5005, LogLevel.Error, "Secret {Setting} in the vault cannot be right: correct it there. The last good one stays in use")]
    public static partial void SecretRefused(this ILogger logger, string setting);

    [LoggerMessage(
        5006, LogLevel.Error, "Secrets:File {Path} was changed and is no JSON object now: correct it. The last good secrets stay in use")]
    public static partial void SecretsFileRefused(this ILogger logger, string path);
}
