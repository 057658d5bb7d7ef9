using Microsoft.Extensions.Logging;

namespace DurableTask.Sqlite;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Database {Path} is open (schema version {Version}).")]
    public static partial void Opened(this ILogger logger, string path, int version);

    [LoggerMessage(2, LogLevel.Information, "Database {Path} is closed.")]
    public static partial void Closed(this ILogger logger, string path);

    [LoggerMessage(3, LogLevel.Error, "The database could not be used; it is tried again.")]
    public static partial void StoreFailed(this ILogger logger, Exception e);

    [LoggerMessage(4, LogLevel.Error, "Instance {InstanceId} cannot be loaded; it is tried again later, others go on.")]
    public static partial void LoadFailed(this ILogger logger, Exception e, string instanceId);

    [LoggerMessage(5, LogLevel.Warning, "A turn of instance {InstanceId} was dropped: the instance was purged or replaced meanwhile.")]
    public static partial void TurnDropped(this ILogger logger, string instanceId);

    [LoggerMessage(6, LogLevel.Information, "{Count} ended instances were purged, for they are kept no longer.")]
    public static partial void RetentionPurged(this ILogger logger, int count);

    [LoggerMessage(7, LogLevel.Error, "Activity {Id} cannot be loaded; it is tried again later, others go on.")]
    public static partial void ActivityLoadFailed(this ILogger logger, Exception e, long id);
}
