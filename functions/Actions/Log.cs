using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Actions;

/// <summary>Who decided about money, and why.</summary>
internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Information,
        "{Actor} proposed to {Action} {Subject} (reference {Reference}): {Reason}. Somebody else has to say the same")]
    public static partial void Proposed(
        this ILogger logger, string actor, string action, string subject, string reference, string reason);

    [LoggerMessage(7002, LogLevel.Information,
        "{Actor} decided to {Action} {Subject} (reference {Reference}): {Reason}. Proposed by {Proposer}")]
    public static partial void Decided(
        this ILogger logger, string actor, string action, string subject, string reference, string reason, string proposer);
}
