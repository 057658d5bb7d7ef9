using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Journeys;
using OmsWorkflows.Ledger;
using OmsWorkflows.Oms;

namespace OmsWorkflows.BankDeposits;

/// <summary>What is done about money from a bank: repeatable, in any order, by any number at the same time.</summary>
public sealed class BankDepositActivities(OmsClient oms, DepositBook deposits)
{
    private const int PageSize = 100;

    /// <summary>
    /// Reads the transaction an event names, or else the customer's, and has the ledger follow (docs/oms-api.md 8.1: a virtual account's
    /// own events name no transaction).
    /// </summary>
    [Function(nameof(LookAtDeposit))]
    public Task<OmsAnswer<DepositLook>> LookAtDeposit([ActivityTrigger] DepositHint hint, CancellationToken cancellationToken)
        => OmsAnswer.AskAsync<DepositLook>(async () =>
        {
            ArgumentNullException.ThrowIfNull(hint);
            var isFinal = hint.TransactionId is { } transactionId
                ? await LookAtAsync(transactionId, cancellationToken)
                : hint.CustomerId is not { } customerId || await LookAtAllAsync(customerId, hint, cancellationToken);
            return new DepositLook(isFinal);
        });

    private async Task<bool> LookAtAsync(string transactionId, CancellationToken cancellationToken)
    {
        try
        {
            return await LookAtAsync(await oms.GetTransactionAsync(transactionId, cancellationToken), cancellationToken);
        }
        catch (OmsRefusedException e) when (e.IsNotFound)
        {
            // OMS does not know what it announced: nothing there to credit.
            return true;
        }
    }

    private async Task<bool> LookAtAllAsync(string customerId, DepositHint hint, CancellationToken cancellationToken)
    {
        var query = new TransactionQuery { CustomerId = customerId, CreatedAfter = hint.Since, Limit = PageSize };
        var (any, all) = (false, true);
        await foreach (var transaction in oms.ReadTransactionsAsync(query, cancellationToken))
        {
            if (!transaction.IsBankDeposit())
                continue;
            any = true;
            all &= await LookAtAsync(transaction, cancellationToken);
        }

        return all && (any || !hint.Converts);
    }

    /// <summary>What turns out to be a cash-in's belongs to its journey.</summary>
    private async Task<bool> LookAtAsync(Transaction transaction, CancellationToken cancellationToken)
        => !transaction.IsBankDeposit() || await deposits.LookAsync(transaction, cancellationToken);
}
