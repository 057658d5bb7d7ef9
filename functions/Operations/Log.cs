using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Operations;

/// <summary>What operations log.</summary>
internal static partial class Log
{
    [LoggerMessage(4003, LogLevel.Warning, "Health check {Check} failed")]
    public static partial void CheckFailed(this ILogger logger, string check, Exception cause);

    [LoggerMessage(4004, LogLevel.Information, "Copied the ledger as {Name}: {Settlements} settlements, {Intakes} intakes")]
    public static partial void LedgerCopied(this ILogger logger, string name, int settlements, int intakes);

    [LoggerMessage(4005, LogLevel.Warning, "Restored the ledger from {Name}: {Added} rows were missing, {Kept} were there and stayed")]
    public static partial void LedgerRestored(this ILogger logger, string name, int added, int kept);

    [LoggerMessage(4006, LogLevel.Information, "No copies of the ledger are kept: Backup:ContainerUri is not set")]
    public static partial void NoCopiesKept(this ILogger logger);

    [LoggerMessage(4007, LogLevel.Information, "Removed {Orchestrations} orchestrations past their retention that were no journeys")]
    public static partial void OrchestrationsRemoved(this ILogger logger, int orchestrations);

    [LoggerMessage(4010, LogLevel.Information, "Archived a month of the ledger as {Name}: {Settlements} settlements, SHA-256 {Sha256}")]
    public static partial void MonthArchived(this ILogger logger, string name, int settlements, string sha256);

    [LoggerMessage(
        4009, LogLevel.Warning, "A person's data was removed: {Journeys} journeys; {Running} still run, {Settlements} settlements stay")]
    public static partial void PersonRemoved(this ILogger logger, int journeys, int running, int settlements);
}
