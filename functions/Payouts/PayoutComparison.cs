using OmsWorkflows.Oms;

namespace OmsWorkflows.Payouts;

/// <summary>
/// Compares a price with what was ordered, and a transfer with its price: only what is exactly what was ordered is paid without a person
/// (docs/decisions/0008-money-is-booked-once.md). The result names members of OMS's answers, never their values.
/// </summary>
internal static class PayoutComparison
{
    /// <summary>A price against the order.</summary>
    public static IReadOnlyList<string> Of(PayoutOrder order, Quote quote)
    {
        var send = quote.Source?.AmountGross ?? quote.Source?.Amount;
        var receive = quote.Destination?.AmountNet;
        var checks = new (string Member, bool Holds)[]
        {
            ("quote.customerId", IsUnsaidOr(quote.CustomerId, order.CustomerId)),
            ("quote.source.walletId", IsUnsaidOr(quote.Source?.WalletId, order.WalletId)),
            ("quote.source.asset", Word.Same(quote.Source?.Asset, "usdc")),
            ("quote.source.network", Word.IsUnsaidOr(quote.Source?.Network, "polygon")),
            ("quote.source.amountGross", send > 0m && (order.Send is null || send == order.Send)),
            ("quote.destination.asset", Word.Same(quote.Destination?.Asset, "usd")),
            ("quote.destination.network", quote.Destination?.Network is not { } rail || PayoutNetworks.IsRail(rail, order.Network)),
            ("quote.destination.wallet", IsUnsaidOr(quote.Destination?.Wallet?.ExternalAccount, order.ExternalAccountId)),
            ("quote.destination.amountNet", receive > 0m && (order.Receive is null || receive == order.Receive)),
            ("quote.feesDeducted", receive <= send),
            ("quote.expiresAt", quote.ExpiresAt is not null),
        };
        return [.. checks.Where(check => !check.Holds).Select(check => check.Member)];
    }

    /// <summary>A transfer against the price it was made from.</summary>
    public static IReadOnlyList<string> Of(ExecutePayoutRequest request, Transaction transaction)
    {
        var sent = transaction.Source?.AmountGross ?? transaction.Source?.Amount;
        var received = transaction.Destination?.AmountNet;
        var checks = new (string Member, bool Holds)[]
        {
            ("transaction.type", Word.IsUnsaidOr(transaction.Type, "cryptoToFiat")),
            ("transaction.quoteId", IsUnsaidOr(transaction.QuoteId, request.QuoteId)),
            ("transaction.senderCustomerId", IsUnsaidOr(transaction.SenderCustomerId, request.CustomerId)),
            ("transaction.source.amountGross", IsUnsaidOr(sent, request.Send)),
            ("transaction.destination.asset", Word.IsUnsaidOr(transaction.Destination?.Asset, "usd")),
            ("transaction.destination.amountNet", IsUnsaidOr(received, request.Receive)),
        };
        return [.. checks.Where(check => !check.Holds).Select(check => check.Member)];
    }

    /// <summary>OMS leaves some members out in some answers; one that is there has to fit.</summary>
    private static bool IsUnsaidOr(string? said, string? expected) => string.IsNullOrEmpty(said) || said == expected;

    private static bool IsUnsaidOr(decimal? said, decimal? expected) => said is null || expected is null || said == expected;
}
