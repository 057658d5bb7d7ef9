using OmsWorkflows.Oms;

namespace OmsWorkflows.Ledger;

/// <summary>What a transaction means to the ledger.</summary>
internal static class SettlementMapping
{
    /// <summary>Whether it turns cash into tokens: only those are credited.</summary>
    public static bool IsCashToTokens(this Transaction transaction)
        => transaction.Type is { } type ? type == "fiatToCrypto" : transaction.CashInId is not null;

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
            InstanceId: null);
    }
}
