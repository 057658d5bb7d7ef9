using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Operations;

/// <summary>What operations log.</summary>
internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Information,
        "Reconciled {From:O} to {To:O}: balanced {Balanced}; missing {Missing}, unclaimed {Unclaimed}, mismatched {Mismatched}, unfounded {Unfounded}")]
    public static partial void Reconciled(
        ILogger logger, DateTimeOffset from, DateTimeOffset to, bool balanced, int missing, int unclaimed, int mismatched, int unfounded);

    [LoggerMessage(4002, LogLevel.Error, "Credited amounts differ from what OMS settled: mismatched {Mismatched}, unfounded {Unfounded}")]
    public static partial void MoneyDiffers(ILogger logger, string mismatched, string unfounded);

    [LoggerMessage(4003, LogLevel.Warning, "Health check {Check} failed")]
    public static partial void CheckFailed(ILogger logger, string check, Exception cause);
}
