using OmsWorkflows.Oms;

namespace OmsWorkflows.Ledger;

/// <summary>What a transaction means to the ledger.</summary>
internal static class SettlementMapping
{
    /// <summary>Whether it turns cash into tokens: only those are credited.</summary>
    public static bool IsCashToTokens(this Transaction transaction)
        => transaction.Type is { } type ? Word.Same(type, "fiatToCrypto") : transaction.CashInId is not null;

    /// <summary>
    /// Whether it is money from a bank: fiat that became tokens without a cash-in, and not cash either. What says neither whence it came
    /// nor by which account is left for a person to look at: it may be a cash-in's.
    /// </summary>
    public static bool IsBankDeposit(this Transaction transaction)
        => transaction is { Type: { } type, CashInId: null } && Word.Same(type, "fiatToCrypto")
            && (transaction.Source?.Network is { } network ? !Word.Same(network, "cash") : transaction.VirtualAccountId is not null);

    /// <summary>The settlement of a completed transaction, claimed by nobody; null when OMS does not say what arrived.</summary>
    public static Settlement? ToSettlement(this Transaction transaction)
    {
        if (transaction.Destination is not { AmountNet: { } net, Asset: { } asset } destination)
            return null;
        return new Settlement(
            transaction.Id,
            transaction.CashInId ?? "",
            transaction.RecipientCustomerId ?? transaction.SenderCustomerId ?? "",
            MoneyComparison.Gross(transaction) ?? net,
            MoneyComparison.Fees(transaction),
            net,
            asset,
            destination.Network ?? "",
            destination.TxHash,
            transaction.CompletedAt ?? transaction.UpdatedAt ?? transaction.CreatedAt ?? DateTimeOffset.UnixEpoch,
            InstanceId: null)
        {
            Kind = transaction.IsBankDeposit() ? SettlementKind.BankDeposit : SettlementKind.CashIn,
            VirtualAccountId = transaction.VirtualAccountId,
            Rail = transaction.IsBankDeposit() ? transaction.PaymentRail ?? transaction.Source?.Network : null,
        };
    }
}
