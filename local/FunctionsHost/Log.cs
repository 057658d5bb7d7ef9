using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace OmsWorkflows.Local.FunctionsHost;

/// <summary>What is logged about the host (ids 7000 and up), the worker (7100), keys (7200), HTTP (7300) and timers (7400).</summary>
internal static partial class Log
{
    [LoggerMessage(7000, LogLevel.Information, "{Count} functions: {Functions}")]
    public static partial void Serving(this ILogger logger, int count, string functions);

    [LoggerMessage(7001, LogLevel.Information, "Stopping: what runs has {Grace} to end.")]
    public static partial void Stopping(this ILogger logger, TimeSpan grace);

    [LoggerMessage(7100, LogLevel.Information, "Worker {ProcessId} is ready: {Functions} functions.")]
    public static partial void WorkerReady(this ILogger logger, int processId, int functions);

    [LoggerMessage(7101, LogLevel.Error, "Worker {ProcessId} ended with exit code {ExitCode}. The next one starts in {Pause}.")]
    public static partial void WorkerEnded(this ILogger logger, int processId, int exitCode, TimeSpan pause);

    [LoggerMessage(7102, LogLevel.Warning, "Worker {ProcessId} did not end within {Grace} and is killed.")]
    public static partial void WorkerKilled(this ILogger logger, int processId, TimeSpan grace);

    [LoggerMessage(7103, LogLevel.Error, "Worker {ProcessId} could not be started.")]
    public static partial void WorkerNotReady(this ILogger logger, Exception exception, int processId);

    [LoggerMessage(7104, LogLevel.Error, "The conversation with worker {ProcessId} broke.")]
    public static partial void StreamBroke(this ILogger logger, Exception exception, int processId);

    [LoggerMessage(EventId = 7105, Message = "{Line}")]
    public static partial void ConsoleLine(this ILogger logger, LogLevel level, string line);

    [LoggerMessage(
        7200,
        LogLevel.Warning,
        "{Method} {Path} came with a wrong key from {Address}, number {Total} since the start. "
        + "Those that follow are counted, and told of when none came for {Quiet}.")]
    public static partial void WrongKey(
        this ILogger logger, string method, PathString path, IPAddress? address, long total, TimeSpan quiet);

    [LoggerMessage(7300, LogLevel.Error, "Function '{Function}' failed.")]
    public static partial void FunctionFailed(this ILogger logger, Exception exception, string function);

    [LoggerMessage(7301, LogLevel.Error, "A request to function '{Function}' could not be passed on: {Error}.")]
    public static partial void NotForwarded(this ILogger logger, Exception? exception, string function, ForwarderError error);

    [LoggerMessage(7400, LogLevel.Error, "Timer function '{Function}' failed.")]
    public static partial void TimerFailed(this ILogger logger, Exception exception, string function);

    [LoggerMessage(7401, LogLevel.Warning, "{Path} cannot be read; missed occurrences are not made up for this once.")]
    public static partial void StatusUnreadable(this ILogger logger, Exception exception, string path);

    [LoggerMessage(7402, LogLevel.Error, "{Path} cannot be written.")]
    public static partial void StatusNotWritten(this ILogger logger, Exception exception, string path);
}
