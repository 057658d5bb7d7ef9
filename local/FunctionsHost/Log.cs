namespace OmsWorkflows.Local.FunctionsHost;

/// <summary>What the host logs about itself; ids 7000 and up.</summary>
internal static partial class Log
{
    [LoggerMessage(7000, LogLevel.Information, "{Count} functions: {Functions}")]
    public static partial void Serving(this ILogger logger, int count, string functions);

    [LoggerMessage(7001, LogLevel.Information, "Stopping: what runs has {Grace} to end.")]
    public static partial void Stopping(this ILogger logger, TimeSpan grace);
}
