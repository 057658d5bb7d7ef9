using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Notifications;

/// <summary>What notifications log: types, ids, names of endpoints and causes; never an address, a body or an answer.</summary>
internal static partial class Log
{
    [LoggerMessage(6101, LogLevel.Debug, "Notification {Type} ({Id}) about {Subject} was taken by {Endpoint}")]
    public static partial void Told(this ILogger logger, string type, string id, string subject, string endpoint);

    [LoggerMessage(6102, LogLevel.Warning, "Notification {Type} ({Id}) about {Subject} was not taken by {Endpoint}: {Cause}")]
    public static partial void Refused(this ILogger logger, string type, string id, string subject, string endpoint, string cause);

    [LoggerMessage(6103, LogLevel.Error, "Notification {Type} ({Id}) about {Subject} is a dead letter of {Endpoint}: {Cause}")]
    public static partial void DeadLettered(this ILogger logger, string type, string id, string subject, string endpoint, string cause);

    [LoggerMessage(6104, LogLevel.Error, "Endpoint {Endpoint} is told nothing: there is no Notifications:CurrentSecret to sign with")]
    public static partial void NoSecret(this ILogger logger, string endpoint);

    [LoggerMessage(6105, LogLevel.Error, "What is due at {Endpoint} could not be read; the next run looks again")]
    public static partial void PassFailed(this ILogger logger, string endpoint, Exception cause);

    [LoggerMessage(6106, LogLevel.Error, "What is due about {Subject} at {Endpoint} could not be told; the next run tries again")]
    public static partial void TellingFailed(this ILogger logger, string subject, string endpoint, Exception cause);

    [LoggerMessage(6107, LogLevel.Information, "An operator queued {Queued} dead letters of {Endpoint} once more")]
    public static partial void Redriven(this ILogger logger, int queued, string endpoint);

    [LoggerMessage(6108, LogLevel.Information, "An operator queued {Queued} notifications of {From:O} to {To:O} once more")]
    public static partial void Replayed(this ILogger logger, int queued, DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(6109, LogLevel.Error, "Row {PartitionKey}/{RowKey} of the outbox could not be cleaned up; the next run tries again")]
    public static partial void CleaningFailed(this ILogger logger, string partitionKey, string rowKey, Exception cause);
}
