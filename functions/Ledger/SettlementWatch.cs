using System.Net;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Ledger;

/// <summary>
/// Makes sure that the ledger knows every settlement OMS speaks of, whether or not a journey lives to book it
/// (docs/decisions/0008-money-is-booked-once.md).
/// </summary>
public sealed class SettlementWatch(OmsClient oms, SettlementLedger ledger, DepositBook deposits)
{
    /// <summary>
    /// Whether the matter of a transaction, or else of a cash-in, is closed: its money is in the ledger, written there now as unclaimed if
    /// need be, or there is none. False when OMS has not completed it yet, or only after <paramref name="completedUntil"/>: its journey may
    /// still book it.
    /// </summary>
    /// <exception cref="OmsException">OMS could not say.</exception>
    internal async Task<bool> IsClosedAsync(
        string? transactionId, string? cashInId, CancellationToken cancellationToken, DateTimeOffset? completedUntil = null)
    {
        try
        {
            if (transactionId is null && cashInId is not null)
                transactionId = (await oms.GetCashInAsync(cashInId, cancellationToken)).TransactionId;
            if (transactionId is null)
                return false;
            if (await ledger.FindAsync(transactionId, cancellationToken) is not null)
                return true;

            var transaction = await oms.GetTransactionAsync(transactionId, cancellationToken);
            if (transaction.IsBankDeposit())
                return await SettleDepositAsync(transaction, cancellationToken);
            if (!transaction.IsCashToTokens() || transaction.Status == TransactionStatus.Failed)
                return true;
            if (transaction.Status != TransactionStatus.Completed || (transaction.CompletedAt ?? transaction.UpdatedAt) > completedUntil)
                return false;
            return await KeepAsync(transaction, cancellationToken);
        }
        catch (OmsException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            // OMS does not know what it announced: nothing there to credit.
            return true;
        }
    }

    /// <summary>Has the ledger follow a bank deposit that was read just now; whether its matter is closed.</summary>
    internal Task<bool> SettleDepositAsync(Transaction transaction, CancellationToken cancellationToken)
        => deposits.LookAsync(transaction, cancellationToken);

    /// <summary>
    /// Writes down a completed transaction as unclaimed, unless the ledger has it; false when it does not say its amount.
    /// </summary>
    internal async Task<bool> KeepAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        if (transaction.ToSettlement() is not { } settlement)
            return false;

        await ledger.KeepUnclaimedAsync(settlement, ReasonOf(transaction, settlement), cancellationToken, OmsStatement.Of(transaction));
        return true;
    }

    private static UnclaimedReason ReasonOf(Transaction transaction, Settlement settlement)
    {
        if (MoneyComparison.Of(transaction).Count > 0)
            return UnclaimedReason.MoneyDiffers;
        if (settlement.CashInId.Length == 0)
            return UnclaimedReason.NoCashIn;
        return settlement.CustomerId.Length == 0 ? UnclaimedReason.NoCustomer : UnclaimedReason.NotBooked;
    }
}
