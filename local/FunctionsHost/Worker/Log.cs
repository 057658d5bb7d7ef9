namespace OmsWorkflows.Local.FunctionsHost.Worker;

/// <summary>What is logged about the worker; ids 7100 and up.</summary>
internal static partial class Log
{
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
}
