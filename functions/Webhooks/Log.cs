using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Webhooks;

/// <summary>What the intake logs: verdicts, event names, ids; never a payload, a header or a secret.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "Webhook {Name} ({DeliveryId}) about {ResourceId} was stored and delivered")]
    public static partial void Accepted(ILogger logger, string name, string deliveryId, string resourceId);

    [LoggerMessage(3002, LogLevel.Information, "Webhook {Name} ({DeliveryId}) came again")]
    public static partial void SeenBefore(ILogger logger, string name, string deliveryId);

    [LoggerMessage(3003, LogLevel.Warning, "Webhook refused: {Verdict}")]
    public static partial void Refused(ILogger logger, WebhookVerdict verdict);

    [LoggerMessage(3004, LogLevel.Information, "Journey {InstanceId} is over and no longer listens to {ResourceId}")]
    public static partial void ListenerGone(ILogger logger, string instanceId, string resourceId);

    [LoggerMessage(3005, LogLevel.Error, "Webhook {Name} ({DeliveryId}) could not be stored or delivered; OMS is asked to send it again")]
    public static partial void NotStored(ILogger logger, string name, string deliveryId, Exception cause);
}
