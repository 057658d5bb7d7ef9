using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Local.Runtime.Engine;

/// <summary>What the engine logs (event ids 6000 to 6099). Ids and names only: inputs, results and messages may hold personal data.</summary>
internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Information, "Durable engine started on {DatabasePath}, schema version {SchemaVersion}.")]
    public static partial void EngineStarted(this ILogger logger, string databasePath, int schemaVersion);

    [LoggerMessage(6001, LogLevel.Information, "Durable engine stopped.")]
    public static partial void EngineStopped(this ILogger logger);

    [LoggerMessage(6002, LogLevel.Warning, "Durable engine stopped with work under way; it goes on at the next start.")]
    public static partial void EngineStoppedBusy(this ILogger logger);

    [LoggerMessage(6010, LogLevel.Debug, "Orchestration {Name} {InstanceId} started.")]
    public static partial void OrchestrationStarted(this ILogger logger, string name, string instanceId);

    [LoggerMessage(6011, LogLevel.Information, "Orchestration {Name} {InstanceId} ended: {Status}.")]
    public static partial void OrchestrationEnded(this ILogger logger, string name, string instanceId, string status);

    [LoggerMessage(6012, LogLevel.Warning, "Orchestration {Name} {InstanceId} failed with {ErrorType}.")]
    public static partial void OrchestrationFailed(this ILogger logger, string name, string instanceId, string errorType);

    [LoggerMessage(6013, LogLevel.Error,
        "Orchestration {Name} {InstanceId} is not deterministic at step {StepId}: the code took another step than its history holds.")]
    public static partial void NotDeterministic(this ILogger logger, string name, string instanceId, int stepId);

    [LoggerMessage(6014, LogLevel.Error,
        "Orchestration {InstanceId} has been computing for {Seconds} s in one turn. It blocks, or it never waits; an orchestrator only decides.")]
    public static partial void TurnIsSlow(this ILogger logger, string instanceId, long seconds);

    [LoggerMessage(6015, LogLevel.Warning, "Orchestration {Name} {InstanceId} waits: its version {Version} is not run here.")]
    public static partial void VersionRejected(this ILogger logger, string name, string instanceId, string version);

    [LoggerMessage(6020, LogLevel.Debug, "Activity {Name} of {InstanceId} started.")]
    public static partial void ActivityStarted(this ILogger logger, string name, string instanceId);

    [LoggerMessage(6021, LogLevel.Warning, "Activity {Name} of {InstanceId} failed with {ErrorType}.")]
    public static partial void ActivityFailed(this ILogger logger, string name, string instanceId, string errorType);

    [LoggerMessage(6030, LogLevel.Error, "A turn of instance {InstanceKey} could not be stored; it is tried again in {Delay}.")]
    public static partial void TurnNotStored(this ILogger logger, Exception reason, long instanceKey, TimeSpan delay);

    [LoggerMessage(6031, LogLevel.Error, "What is stored could not be read; it is tried again.")]
    public static partial void ReadFailed(this ILogger logger, Exception reason);

    [LoggerMessage(6033, LogLevel.Warning, "Committed changes could not be moved into the database file; they stay in its log.")]
    public static partial void CheckpointFailed(this ILogger logger, Exception reason);

    [LoggerMessage(6032, LogLevel.Information, "Purged {Count} ended orchestrations past their retention.")]
    public static partial void RetentionPurged(this ILogger logger, int count);
}
