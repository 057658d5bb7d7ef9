using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Http;

/// <summary>What serving requests logs.</summary>
internal static partial class Log
{
    [LoggerMessage(2002, LogLevel.Error, "Request {Method} {Function} failed.")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string method, string function);
}
