using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Storage;

/// <summary>What storage logs: the account, never a row.</summary>
internal static partial class Log
{
    [LoggerMessage(1101, LogLevel.Information, "The tables of account {Account} are ready")]
    public static partial void TablesReady(this ILogger logger, string account);

    [LoggerMessage(1106, LogLevel.Error, "The tables of account {Account} cannot be set up; this is tried again")]
    public static partial void TablesUnreachable(this ILogger logger, string account, Exception cause);

    [LoggerMessage(1109, LogLevel.Information, "The index lists {Count} rows of {Table} that an older version stored")]
    public static partial void IndexFilled(this ILogger logger, string table, int count);

    [LoggerMessage(1110, LogLevel.Error, "Row {PartitionKey} of {Table} could not be listed in the index; the next pass tries again")]
    public static partial void RowNotIndexed(this ILogger logger, string table, string partitionKey, Exception cause);
}
