using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Operations;

/// <summary>What operations log.</summary>
internal static partial class Log
{
    [LoggerMessage(4003, LogLevel.Warning, "Health check {Check} failed")]
    public static partial void CheckFailed(this ILogger logger, string check, Exception cause);
}
