using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Ledger;

/// <summary>What the ledger logs: ids, amounts and states.</summary>
internal static partial class Log
{
    [LoggerMessage(1102, LogLevel.Information, "Booked transaction {TransactionId} of {Net} {Asset} for {InstanceId}")]
    public static partial void Booked(this ILogger logger, string transactionId, decimal net, string asset, string instanceId);

    [LoggerMessage(1103, LogLevel.Warning, "Transaction {TransactionId} of {Net} {Asset} is settled, but no journey claims it: {Reason}")]
    public static partial void Unclaimed(this ILogger logger, string transactionId, decimal net, string asset, UnclaimedReason reason);

    [LoggerMessage(
        1104, LogLevel.Error, "Transaction {TransactionId} cannot be booked for {InstanceId}: it is {State} already, for {Owner}")]
    public static partial void BookingRefused(
        this ILogger logger, string transactionId, string instanceId, SettlementState state, string owner);

    [LoggerMessage(1105, LogLevel.Information, "{Actor} made transaction {TransactionId} {State} for {Owner} (reference {Reference})")]
    public static partial void Decided(
        this ILogger logger, string actor, string transactionId, SettlementState state, string owner, string reference);

    [LoggerMessage(1111, LogLevel.Information, "Bank deposit {TransactionId} of {Net} {Asset} is {State}")]
    public static partial void DepositPut(this ILogger logger, string transactionId, decimal net, string asset, SettlementState state);

    [LoggerMessage(1112, LogLevel.Warning, "Bank deposit {TransactionId} of {Net} {Asset} was {Before} and is {After} now")]
    public static partial void DepositChanged(
        this ILogger logger, string transactionId, decimal net, string asset, SettlementState before, SettlementState after);

    [LoggerMessage(1108, LogLevel.Error, "Row {PartitionKey} of the ledger is damaged and passed over")]
    public static partial void RowDamaged(this ILogger logger, string partitionKey, Exception cause);

    [LoggerMessage(1107, LogLevel.Warning, "How open transaction {TransactionId} stands could not be found out; the next run asks again")]
    public static partial void FollowUpFailed(this ILogger logger, string transactionId, Exception cause);

    [LoggerMessage(4001, LogLevel.Information,
        "Reconciled {From:O} to {To:O}: balanced {Balanced}; missing {Missing}, unclaimed {Unclaimed}, mismatched {Mismatched}, "
            + "unfounded {Unfounded}, in flight {InFlight}, unread {Unread}")]
    public static partial void Reconciled(
        this ILogger logger,
        DateTimeOffset from,
        DateTimeOffset to,
        bool balanced,
        int missing,
        int unclaimed,
        int mismatched,
        int unfounded,
        int inFlight,
        int unread);

    [LoggerMessage(4002, LogLevel.Error, "Credited amounts differ from what OMS settled: mismatched {Mismatched}, unfounded {Unfounded}")]
    public static partial void MoneyDiffers(this ILogger logger, string mismatched, string unfounded);
}
