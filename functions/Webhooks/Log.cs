using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Webhooks;

/// <summary>What the intake logs: verdicts, event names, ids; never a payload, a header or a secret.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "Webhook {Name} ({DeliveryId}) about {ResourceId} was stored and delivered")]
    public static partial void Accepted(this ILogger logger, string name, string deliveryId, string resourceId);

    [LoggerMessage(3002, LogLevel.Information, "Webhook {Name} ({DeliveryId}) came again")]
    public static partial void SeenBefore(this ILogger logger, string name, string deliveryId);

    [LoggerMessage(3003, LogLevel.Warning, "Webhook refused: {Verdict}")]
    public static partial void Refused(this ILogger logger, WebhookVerdict verdict);

    [LoggerMessage(3004, LogLevel.Information, "Journey {InstanceId} is over and no longer listens to {ResourceId}")]
    public static partial void ListenerGone(this ILogger logger, string instanceId, string resourceId);

    [LoggerMessage(3005, LogLevel.Error, "Webhook {Name} ({DeliveryId}) could not be stored or delivered; OMS is asked to send it again")]
    public static partial void NotStored(this ILogger logger, string name, string deliveryId, Exception cause);

    [LoggerMessage(3006, LogLevel.Warning, "Nobody came for webhook {Name} ({DeliveryId}) about {ResourceId}: it is a dead letter now")]
    public static partial void DeadLettered(this ILogger logger, string name, string deliveryId, string resourceId);

    [LoggerMessage(3007, LogLevel.Error, "Webhook {DeliveryId} about {ResourceId} could not be swept; the next run tries again")]
    public static partial void SweepFailed(this ILogger logger, string deliveryId, string resourceId, Exception cause);

    [LoggerMessage(3008, LogLevel.Information, "An operator re-drove webhook {DeliveryId} about {ResourceId} to {Reached} journeys")]
    public static partial void Redriven(this ILogger logger, string deliveryId, string resourceId, int reached);

    [LoggerMessage(3009, LogLevel.Information, "Webhook endpoint {EndpointId} was registered; its secret is stored as {Setting}")]
    public static partial void Registered(this ILogger logger, string endpointId, string setting);

    [LoggerMessage(3011, LogLevel.Error, "Row {PartitionKey}/{RowKey} of the inbox is damaged and passed over")]
    public static partial void RowDamaged(this ILogger logger, string partitionKey, string rowKey, Exception cause);

    [LoggerMessage(3012, LogLevel.Error, "What the inbox keeps of {ResourceId} could not be cleaned up; the next run tries again")]
    public static partial void CleaningFailed(this ILogger logger, string resourceId, Exception cause);

    [LoggerMessage(3010, LogLevel.Information, "Webhook endpoint {EndpointId} was deleted")]
    public static partial void Deleted(this ILogger logger, string endpointId);

    [LoggerMessage(3013, LogLevel.Information, "{Actor} dismissed delivery {DeliveryId} about {ResourceId}: {Reason}")]
    public static partial void Dismissed(this ILogger logger, string actor, string deliveryId, string resourceId, string reason);
}
