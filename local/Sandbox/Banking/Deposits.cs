using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Money;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Transactions;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Banking;

/// <summary>
/// Money that arrives without a call: on its way, then settled and converted, or returned by the bank that sent it (docs/oms-api.md 8.1,
/// 9.4). Call it holding the world's gate.
/// </summary>
internal sealed class Deposits(
    World world, IdSource ids, Agenda agenda, SandboxClock clock, SandboxOptions options, FaultBook faults, Movements movements,
    Announcer announcer)
{
    private static readonly TransactionError Returned = new(
        "deposit_returned", "The sending bank took the deposit back.", Recoverable: false);

    public Deposit Send(VirtualAccount account, decimal amount, string rail)
    {
        Receiving.RequireActive(account.Status);
        return Send(new Deposit(ids.Next("mv"), account.Id, account.CustomerId, amount, "usd", rail, clock.Now), account.Target);
    }

    public Deposit Send(DepositAddress address, decimal amount)
    {
        Receiving.RequireActive(address.Status);
        var target = address.Target;
        return Send(new Deposit(ids.Next("mv"), address.Id, address.CustomerId, amount, target.Asset, target.Network, clock.Now), target);
    }

    /// <summary>The sending bank takes it back: on its way, while it is converted, or after everything is done.</summary>
    public void Return(Deposit deposit)
    {
        if (deposit.Rail != "ach")
            throw ApiException.InvalidState("Only an ACH transfer is returned.", deposit.Rail);
        if (deposit.Status is not (DepositStatus.Pending or DepositStatus.Settled))
            throw ApiException.InvalidState("The deposit is over.", deposit.View().Status);
        Tell(deposit, DepositStatus.Returned);
        var transaction = deposit.TransactionId is { } transactionId ? world.Transactions[transactionId] : null;
        if (transaction is null or { Status: TransactionStatus.Failed })
            return;
        if (transaction.Status == TransactionStatus.Completed)
            TakeBack(transaction);
        transaction.Fail(Returned, "depositReturned", clock.Now);
        announcer.TransactionChanged(transaction);
    }

    private Deposit Send(Deposit deposit, CashInTarget target)
    {
        world.Deposits.Add(deposit.Id, deposit);
        Announce(deposit, "deposit", DepositStatus.Pending);
        agenda.At(clock.Now + options.BankTransferDelay, () =>
        {
            lock (world.Gate)
            {
                if (deposit.Status == DepositStatus.Pending)
                    Arrive(deposit, target);
            }
        });
        return deposit;
    }

    private void Arrive(Deposit deposit, CashInTarget target)
    {
        if (faults.Take(FaultKind.ReturnDeposit, new FaultSubject { CustomerId = deposit.CustomerId, ResourceId = deposit.Id }) is not null)
        {
            Tell(deposit, DepositStatus.Returned);
            return;
        }
        Tell(deposit, DepositStatus.Settled);
        var isBank = deposit.AccountId.StartsWith("va_", StringComparison.Ordinal);
        var price = isBank ? DepositPrice.Bank(deposit.Amount) : new DepositPrice(deposit.Amount, 0);
        var id = ids.Next("txn");
        var (asset, network) = isBank ? ("usd", "usBank") : (target.Asset, target.Network);
        var transaction = new Transaction(
            id, isBank ? Transaction.FiatToCrypto : Transaction.CryptoToCrypto, deposit.CustomerId, id, clock.Now)
        {
            VirtualAccountId = isBank ? deposit.AccountId : null,
            DepositAddressId = isBank ? null : deposit.AccountId,
            PaymentRail = isBank ? deposit.Rail : null,
            RecipientCustomerId = deposit.CustomerId,
            Source = new TransactionSide(asset, network, MoneyText.Of(price.Gross), MoneyText.Of(price.Net), Fees.Of(price.Fee)),
            Destination = new TransactionSide(target.Asset, target.Network, MoneyText.Of(price.Net), MoneyText.Of(price.Net), Fees.Of(0))
            {
                Wallet = new TargetWallet(target.WalletId, target.BlockchainAddress),
            },
            Rates = price.Rates($"{asset}/{target.Asset}"),
        };
        deposit.TransactionId = id;
        Announce(deposit, "cryptoTransfer", DepositStatus.Pending);
        movements.Begin(
            transaction, deposit.Id, () => Complete(deposit, transaction, target, price), error => Fail(deposit, transaction, error));
    }

    private void Complete(Deposit deposit, Transaction transaction, CashInTarget target, DepositPrice price)
    {
        var txHash = "0x" + Convert.ToHexStringLower(ids.Bytes("transaction", 32));
        transaction.Complete(txHash, clock.Now);
        if (target.WalletId is { } walletId)
            world.Wallets[walletId].Credit(price.Net, clock.Now);
        if (transaction.VirtualAccountId is not null)
            world.Ledger.Add(Entry(transaction, price, txHash));
        Announce(deposit, "cryptoTransfer", DepositStatus.Settled);
        announcer.TransactionChanged(transaction);
    }

    private void Fail(Deposit deposit, Transaction transaction, TransactionError error)
    {
        transaction.Fail(error, "providerOrderFailed", clock.Now);
        Announce(deposit, "cryptoTransfer", DepositStatus.Failed);
        announcer.TransactionChanged(transaction);
    }

    /// <summary>The wallet pays for it, into the red if it has to.</summary>
    private void TakeBack(Transaction transaction)
    {
        var settled = world.Ledger.Single(entry => entry.TransactionId == transaction.Id);
        if (transaction.Destination.Wallet?.Id is { } walletId)
            world.Wallets[walletId].Credit(-settled.Net, clock.Now);
        world.Ledger.Add(settled with { Gross = -settled.Gross, Fees = -settled.Fees, Net = -settled.Net, SettledAt = clock.Now });
    }

    private LedgerEntry Entry(Transaction transaction, DepositPrice price, string txHash) => new(
        transaction.Id, null, transaction.VirtualAccountId, transaction.CustomerId, price.Gross, price.Fee, price.Net,
        transaction.Destination.Asset, transaction.Destination.Network, txHash, clock.Now);

    private void Tell(Deposit deposit, DepositStatus status)
    {
        deposit.Move(status);
        Announce(deposit, "deposit", status);
    }

    private void Announce(Deposit deposit, string part, DepositStatus status)
    {
        var isBank = deposit.AccountId.StartsWith("va_", StringComparison.Ordinal);
        var state = status.ToString().ToLowerInvariant();
        // What is done about tokens at a deposit address has other names; its deposit is all that is told here.
        if (isBank || part == "deposit")
        {
            announcer.RaiseLater(
                isBank ? $"virtualAccount.{part}.{state}" : $"deposit_address.crypto_deposit.{state}",
                deposit.View(status), deposit.Version, deposit.Id, deposit.TransactionId ?? deposit.Id, deposit.CustomerId);
        }
    }
}

/// <summary>
/// Half a per cent of a bank transfer, from the source side; what comes over a chain costs nothing. OMS publishes no price.
/// </summary>
internal sealed record DepositPrice(decimal Gross, decimal Fee)
{
    private const decimal BankFee = 0.005m;

    public decimal Net => Gross - Fee;

    public static DepositPrice Bank(decimal gross) => new(gross, MoneyText.Cents(gross * BankFee));

    public Rates Rates(string pair)
        => new(pair, "1.0", (Net / Gross).ToString("0.0###", System.Globalization.CultureInfo.InvariantCulture));
}
