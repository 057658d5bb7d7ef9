using System.Net;
using OmsWorkflows.Oms;
using OmsWorkflows.Storage;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Operations;

/// <summary>Makes sure that the ledger knows every settlement OMS speaks of, whether or not a journey lives to book it (DESIGN 4.5).</summary>
public sealed class SettlementWatch(OmsClient oms, SettlementLedger ledger)
{
    /// <summary>
    /// Whether the matter of an event is closed: its money is in the ledger, written there now as unclaimed if need be, or there is none.
    /// False when OMS has not completed it yet.
    /// </summary>
    /// <exception cref="OmsException">OMS could not say.</exception>
    internal async Task<bool> CheckAsync(Signal settling, CancellationToken cancellationToken)
    {
        try
        {
            var transactionId = settling.TransactionId;
            if (transactionId is null && settling.CashInId is { } cashInId)
                transactionId = (await oms.GetCashInAsync(cashInId, cancellationToken).ConfigureAwait(false)).TransactionId;
            if (transactionId is null) return false;
            if (await ledger.FindAsync(transactionId, cancellationToken).ConfigureAwait(false) is not null) return true;

            var transaction = await oms.GetTransactionAsync(transactionId, cancellationToken).ConfigureAwait(false);
            if (!transaction.IsCashToTokens() || transaction.Status == TransactionStatus.Failed) return true;
            return transaction.Status == TransactionStatus.Completed && await KeepAsync(transaction, cancellationToken).ConfigureAwait(false);
        }
        catch (OmsException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
        {
            // OMS does not know what it announced: nothing there to credit.
            return true;
        }
    }

    /// <summary>Writes down a completed transaction as unclaimed, unless the ledger has it; false when it does not say its amount.</summary>
    internal async Task<bool> KeepAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        if (transaction.ToSettlement() is not { } settlement) return false;
        var reason = settlement.CashInId.Length == 0 ? UnclaimedReason.NoCashIn
            : settlement.CustomerId.Length == 0 ? UnclaimedReason.NoCustomer
            : UnclaimedReason.NotBooked;
        await ledger.KeepUnclaimedAsync(settlement, reason, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
