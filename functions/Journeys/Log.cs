using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Journeys;

/// <summary>What journeys log; ids 2000 and up.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Journey {InstanceId} ({Orchestration}) was started.")]
    public static partial void JourneyStarted(this ILogger logger, string instanceId, string orchestration);

    [LoggerMessage(2001, LogLevel.Warning, "The start of journey {InstanceId} was lost; it is started now.")]
    public static partial void StartWasLost(this ILogger logger, string instanceId);

    [LoggerMessage(2008, LogLevel.Error, "Journey {InstanceId} could not be started by the sweep; the next run tries again")]
    public static partial void StartFailed(this ILogger logger, string instanceId, Exception cause);

    [LoggerMessage(2003, LogLevel.Warning, "Journey {InstanceId} is {Phase}: {Reason}")]
    public static partial void JourneyFailed(this ILogger logger, string instanceId, JourneyPhase phase, string reason);

    [LoggerMessage(2004, LogLevel.Error, "Journey {InstanceId} needs an operator: {Reason}")]
    public static partial void JourneyNeedsReview(this ILogger logger, string instanceId, string reason);

    [LoggerMessage(2005, LogLevel.Warning, "Journey {InstanceId} is {Phase} for longer than it should be; OMS silent: {Cause}")]
    public static partial void JourneyOverdue(this ILogger logger, string instanceId, JourneyPhase phase, string cause);

    [LoggerMessage(2006, LogLevel.Error, "Journey {InstanceId}: {Activity} failed with {Type}, error id {ErrorId}; it is tried again")]
    public static partial void JourneyFaulted(this ILogger logger, string instanceId, string activity, string type, string errorId);

    [LoggerMessage(2009, LogLevel.Information, "{Count} journeys past their retention were removed")]
    public static partial void JourneysRemoved(this ILogger logger, int count);

    [LoggerMessage(2010, LogLevel.Error, "Journey {InstanceId} could not be removed; the next pass tries again")]
    public static partial void RemovalFailed(this ILogger logger, string instanceId, Exception cause);

    [LoggerMessage(2011, LogLevel.Warning, "The key of the hashes of e-mail addresses cannot be decrypted; by these nothing is found")]
    public static partial void EmailKeyUnreadable(this ILogger logger, Exception cause);

    [LoggerMessage(2007, LogLevel.Error, "Journey {InstanceId} failed after money was taken, transaction {TransactionId}: {Reason}")]
    public static partial void MoneyTakenNotDelivered(this ILogger logger, string instanceId, string transactionId, string reason);
}
