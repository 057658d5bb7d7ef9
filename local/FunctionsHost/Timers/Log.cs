namespace OmsWorkflows.Local.FunctionsHost.Timers;

/// <summary>What is logged about timers; ids 7400 and up.</summary>
internal static partial class Log
{
    [LoggerMessage(7400, LogLevel.Error, "Timer function '{Function}' failed.")]
    public static partial void TimerFailed(this ILogger logger, Exception exception, string function);

    [LoggerMessage(7401, LogLevel.Warning, "{Path} cannot be read; missed occurrences are not made up for this once.")]
    public static partial void StatusUnreadable(this ILogger logger, Exception exception, string path);

    [LoggerMessage(7402, LogLevel.Error, "{Path} cannot be written.")]
    public static partial void StatusNotWritten(this ILogger logger, Exception exception, string path);
}
