using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Webhooks;

/// <summary>What the intake logs: verdicts, event names, ids; never a payload, a header or a secret.</summary>
internal static partial class Log
{
    [LoggerMessage(3004, LogLevel.Information, "Journey {InstanceId} is over and no longer listens to {ResourceId}")]
    public static partial void ListenerGone(ILogger logger, string instanceId, string resourceId);
}
