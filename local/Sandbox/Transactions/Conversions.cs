using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Money;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Transactions;

/// <summary>
/// Turns cash that was taken into USDC in the wallet, or fails to (docs/oms-api.md 7.3, 9.5). Call it holding the world's gate.
/// </summary>
internal sealed class Conversions(World world, IdSource ids, SandboxClock clock, Movements movements, Announcer announcer)
{
    public void Start(CashIn cashIn, decimal amount)
    {
        var now = clock.Now;
        var price = CashInPrice.For(amount);
        var transaction = new Transaction(ids.Next("txn"), Transaction.FiatToCrypto, cashIn.CustomerId, cashIn.Id, now)
        {
            CashInId = cashIn.Id,
            RecipientCustomerId = cashIn.CustomerId,
            Source = new TransactionSide("usd", "cash", MoneyText.Of(price.Gross), MoneyText.Of(price.Net), Fees.Of(price.Fee)),
            Destination = new TransactionSide(
                cashIn.Target.Asset, cashIn.Target.Network, MoneyText.Of(price.Net), MoneyText.Of(price.Net), Fees.Of(0))
            {
                Wallet = new TargetWallet(cashIn.Target.WalletId, cashIn.Target.BlockchainAddress),
            },
            Rates = price.Rates($"usd/{cashIn.Target.Asset}"),
            Metadata = cashIn.Metadata,
        };
        cashIn.TakeCash(amount, transaction.Id, now);
        movements.Begin(transaction, cashIn.Id, () => Complete(cashIn, transaction, price), error => Fail(cashIn, transaction, error));
    }

    private void Complete(CashIn cashIn, Transaction transaction, CashInPrice price)
    {
        var now = clock.Now;
        var txHash = "0x" + Convert.ToHexStringLower(ids.Bytes("transaction", 32));
        transaction.Complete(txHash, now);
        cashIn.Complete(now);
        if (cashIn.Target.WalletId is { } walletId)
            world.Wallets[walletId].Credit(price.Net, now);
        world.Ledger.Add(new LedgerEntry(
            transaction.Id, cashIn.Id, null, cashIn.CustomerId, price.Gross, price.Fee, price.Net,
            cashIn.Target.Asset, cashIn.Target.Network, txHash, now));
        announcer.CashInChanged(cashIn, "completed");
        announcer.TransactionChanged(transaction);
    }

    private void Fail(CashIn cashIn, Transaction transaction, TransactionError error)
    {
        transaction.Fail(error, "providerOrderFailed", clock.Now);
        cashIn.FailConversion(clock.Now);
        // A failed cash-in has no event of its own (docs/oms-api.md 9.4).
        announcer.TransactionChanged(transaction);
    }
}
