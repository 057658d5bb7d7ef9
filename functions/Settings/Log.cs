using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Settings;

/// <summary>What is said of settings: names, never a value.</summary>
internal static partial class Log
{
    [LoggerMessage(
        9101, LogLevel.Warning,
        "Setting {Setting} is not known and has no effect: correct its name or remove it. {Section} has {Known}")]
    public static partial void UnknownSetting(this ILogger logger, string setting, string section, string known);
}
