using OmsWorkflows.Oms;

namespace OmsWorkflows.Ledger;

/// <summary>
/// Compares money before it is booked: with what was asked for, with what the till said, and with itself
/// (docs/decisions/0008-money-is-booked-once.md). The result names members of OMS's answers, never their values; nothing in it means that
/// all is as it should be.
/// </summary>
internal static class MoneyComparison
{
    /// <summary>The asset every cash-in asks for.</summary>
    public const string Asset = "usdc";

    /// <summary>The network every cash-in asks for.</summary>
    public const string Network = "polygon";

    private const string CashToTokens = "fiatToCrypto";

    /// <summary>A completed transaction against its cash-in and against what the journey asked for.</summary>
    public static IReadOnlyList<string> Of(CashIn cashIn, Transaction transaction, string customerId, string walletId)
    {
        var till = cashIn.Source?.Amount ?? cashIn.Source?.AmountGross;
        List<string> differences = [.. Of(transaction)];
        Expect("cashIn.transactionId", cashIn.TransactionId == transaction.Id);
        Expect("cashIn.customerId", IsUnsaidOr(cashIn.CustomerId, customerId));
        Expect("transaction.cashInId", IsUnsaidOr(transaction.CashInId, cashIn.Id));
        Expect("transaction.senderCustomerId", IsUnsaidOr(transaction.SenderCustomerId, customerId));
        Expect("transaction.recipientCustomerId", IsUnsaidOr(transaction.RecipientCustomerId, customerId));
        Expect("transaction.destination.asset", Word.Same(transaction.Destination?.Asset, Asset));
        Expect("transaction.destination.network", Word.Same(transaction.Destination?.Network, Network));
        Expect("transaction.destination.wallet", IsUnsaidOr(transaction.Destination?.Wallet?.Id, walletId));
        Expect("cashIn.source.amount", till is not null && till == Gross(transaction));
        return [.. differences.Distinct()];

        void Expect(string member, bool holds)
        {
            if (!holds)
                differences.Add(member);
        }
    }

    /// <summary>
    /// A completed bank deposit against its customer: the wallet it went to is one of theirs, in that asset, and the account it came by is
    /// theirs and leads there.
    /// </summary>
    /// <param name="customerId">Whose money OMS says it is.</param>
    /// <param name="wallets">All that the customer has.</param>
    /// <param name="account">The account it came by; null when OMS names none, or does not show it.</param>
    public static IReadOnlyList<string> OfDeposit(
        Transaction transaction, string customerId, IReadOnlyList<Wallet> wallets, VirtualAccount? account)
    {
        var (asset, network) = (transaction.Destination?.Asset, transaction.Destination?.Network);
        var target = transaction.Destination?.Wallet;
        var theirs = wallets.Where(wallet => asset is not null && network is not null && wallet.Holds(asset, network)).ToList();
        var hits = theirs.Any(wallet => IsUnsaidOr(target?.Id, wallet.Id)
            && (string.IsNullOrEmpty(target?.BlockchainAddress)
                || IsUnsaidOr(wallet.Address, target.BlockchainAddress, AddressCase(wallet.Address))));
        List<string> differences = [.. Of(transaction)];
        Expect("transaction.senderCustomerId", IsUnsaidOr(transaction.SenderCustomerId, customerId));
        Expect("transaction.destination.wallet", hits);
        Expect("virtualAccount.customerId", IsUnsaidOr(account?.CustomerId, customerId));
        Expect(
            "virtualAccount.destination.wallet",
            account?.Destination?.Wallet?.Id is not { Length: > 0 } into || IsUnsaidOr(target?.Id, into));
        return [.. differences.Distinct()];

        void Expect(string member, bool holds)
        {
            if (!holds)
                differences.Add(member);
        }
    }

    /// <summary>
    /// A completed transaction against itself: what came out can neither be nothing, nor more than what went in less the fees.
    /// </summary>
    public static IReadOnlyList<string> Of(Transaction transaction)
    {
        var differences = new List<string>();
        if (!Word.IsUnsaidOr(transaction.Type, CashToTokens))
            differences.Add("transaction.type");
        if (!Word.IsUnsaidOr(transaction.Source?.Asset, "usd"))
            differences.Add("transaction.source.asset");

        var gross = Gross(transaction);
        if (gross is not > 0m)
            differences.Add("transaction.source.amountGross");
        var fees = Fees(transaction);
        if (fees < 0m)
            differences.Add("transaction.feesDeducted");
        if (transaction.Destination?.AmountNet is not > 0m || transaction.Destination.AmountNet > gross - fees)
            differences.Add("transaction.destination.amountNet");
        return differences;
    }

    /// <summary>What went in, before fees.</summary>
    public static decimal? Gross(Transaction transaction) => transaction.Source?.AmountGross ?? transaction.Source?.Amount;

    /// <summary>What was deducted on both sides.</summary>
    public static decimal Fees(Transaction transaction)
        => (transaction.Source?.FeesDeducted?.Total ?? 0m) + (transaction.Destination?.FeesDeducted?.Total ?? 0m);

    /// <summary>OMS leaves some members out in some answers; one that is there has to fit.</summary>
    private static bool IsUnsaidOr(string? said, string expected, StringComparison comparison = StringComparison.Ordinal)
        => string.IsNullOrEmpty(said) || said.Equals(expected, comparison);

    /// <summary>In a hexadecimal address capitals are a check sum, which not everybody writes; in others they tell two apart.</summary>
    private static StringComparison AddressCase(string? address)
        => address?.StartsWith("0x", StringComparison.OrdinalIgnoreCase) == true
            ? StringComparison.OrdinalIgnoreCase
            : StringComparison.Ordinal;
}
