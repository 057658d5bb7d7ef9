using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Local.Runtime.Worker;

/// <summary>What the worker half logs; ids 6500 and up.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(6500, LogLevel.Error, "Function '{Function}' failed.")]
    public static partial void FunctionFailed(this ILogger logger, Exception exception, string function);

    [LoggerMessage(6501, LogLevel.Information, "{Count} functions: {Functions}")]
    public static partial void FunctionsFound(this ILogger logger, int count, string functions);
}
