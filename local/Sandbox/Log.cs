namespace OmsWorkflows.Local.Sandbox;

/// <summary>Log events of the sandbox.</summary>
internal static partial class Log
{
    [LoggerMessage(8000, LogLevel.Information, "Webhook {DeliveryId} {Event} answered with {Status}.")]
    public static partial void Attempted(this ILogger logger, string deliveryId, string @event, int status);

    [LoggerMessage(8001, LogLevel.Warning, "Webhook {DeliveryId} {Event} was not delivered: {Reason}.")]
    public static partial void AttemptFailed(this ILogger logger, string deliveryId, string @event, string reason);

    [LoggerMessage(8002, LogLevel.Information, "Ids follow from seed {Seed}.")]
    public static partial void Seeded(this ILogger logger, int seed);

    [LoggerMessage(8003, LogLevel.Error, "Work on the agenda failed.")]
    public static partial void AgendaFailed(this ILogger logger, Exception e);

    [LoggerMessage(8004, LogLevel.Error, "{Method} {Path} failed.")]
    public static partial void CallFailed(this ILogger logger, string method, string path, Exception e);
}
