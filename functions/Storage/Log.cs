using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Storage;

/// <summary>What storage logs: accounts, ids and amounts, never a row.</summary>
internal static partial class Log
{
    [LoggerMessage(1101, LogLevel.Information, "The tables of account {Account} are ready")]
    public static partial void TablesReady(ILogger logger, string account);

    [LoggerMessage(1102, LogLevel.Information, "Booked transaction {TransactionId} of {Net} {Asset} for {InstanceId}")]
    public static partial void Booked(ILogger logger, string transactionId, decimal net, string asset, string instanceId);

    [LoggerMessage(1103, LogLevel.Warning, "Transaction {TransactionId} of {Net} {Asset} is settled, but no journey claims it: {Reason}")]
    public static partial void Unclaimed(ILogger logger, string transactionId, decimal net, string asset, UnclaimedReason reason);

    [LoggerMessage(1104, LogLevel.Error, "Transaction {TransactionId} cannot be booked for {InstanceId}: it is {State} already, for {Owner}")]
    public static partial void BookingRefused(ILogger logger, string transactionId, string instanceId, SettlementState state, string? owner);

    [LoggerMessage(1105, LogLevel.Information, "An operator made transaction {TransactionId} {State} (reference {Reference})")]
    public static partial void Decided(ILogger logger, string transactionId, SettlementState state, string reference);
}
