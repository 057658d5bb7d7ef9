using System.Globalization;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Locations;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Transactions;

/// <summary>
/// How sends and payouts end: arrived, lying ready, collected, not collected, failed, returned. Call it holding the world's gate.
/// </summary>
internal sealed class PayoutEnds(World world, IdSource ids, Agenda agenda, SandboxClock clock, SandboxOptions options, Announcer announcer)
{
    public const string PickupExpired = "cash_pickup_expired";

    public void Arrive(Transaction transaction, Quote quote)
    {
        if (quote.Request.Cash is { } place)
        {
            LayReady(transaction, Stores.Find(place.LocationId)!);
            return;
        }
        if (quote.Request.TargetWalletId is { } target)
            world.Wallets[target].Credit(quote.Price.Net, clock.Now);
        Complete(transaction);
    }

    /// <summary>What did not arrive goes back to the wallet it came from.</summary>
    public void Fail(Transaction transaction, Quote quote, TransactionError error)
    {
        Wallet(transaction).Credit(quote.Price.Gross, clock.Now);
        Fail(transaction, error, "providerFailed");
    }

    /// <summary>Somebody shows the code and takes the cash.</summary>
    public void Collect(Transaction transaction)
    {
        RequireStatus(transaction, TransactionStatus.CashPickupReady);
        Complete(transaction);
    }

    /// <summary>The bank that got the money sends it back, without the fee.</summary>
    public void Return(Transaction transaction)
    {
        if (transaction.Type != Transaction.CryptoToFiat || transaction.Pickup is not null)
            throw ApiException.InvalidState("Only a payout to a bank or a card is returned.", transaction.Type);
        RequireStatus(transaction, TransactionStatus.Completed);
        Wallet(transaction).Credit(Amount(transaction.Destination.AmountNet), clock.Now);
        Fail(transaction, new TransactionError("payout_returned", "The bank returned the payout.", Recoverable: false), "returned");
    }

    /// <summary>What was not collected comes back only by hand (docs/oms-api.md 7.5).</summary>
    public void Refund(Transaction transaction)
    {
        if (transaction.Error?.Code != PickupExpired || transaction.Refunded)
            throw ApiException.InvalidState("There is nothing to refund.", Transaction.WireName(transaction.Status));
        transaction.Refunded = true;
        Wallet(transaction).Credit(Amount(transaction.Source.AmountGross), clock.Now);
    }

    private void LayReady(Transaction transaction, CashLocation location)
    {
        var code = (BitConverter.ToUInt32(ids.Bytes("pickup", 4)) % 100_000_000).ToString("0000-0000", CultureInfo.InvariantCulture);
        var pickup = new CashPickup(code, transaction.Destination.AmountNet, clock.Now + options.PickupLifetime, location);
        transaction.ReadyForPickup(pickup, clock.Now);
        announcer.TransactionChanged(transaction);
        agenda.At(pickup.ExpiresAt, () =>
        {
            lock (world.Gate)
            {
                if (transaction.Status == TransactionStatus.CashPickupReady)
                    Fail(
                        transaction, new TransactionError(PickupExpired, "The cash was not collected in time.", Recoverable: false),
                        "cashPickupExpired");
            }
        });
    }

    private void Complete(Transaction transaction)
    {
        var onChain = transaction.Type == Transaction.CryptoToCrypto;
        transaction.Complete(onChain ? "0x" + Convert.ToHexStringLower(ids.Bytes("transaction", 32)) : null, clock.Now);
        announcer.TransactionChanged(transaction);
    }

    private void Fail(Transaction transaction, TransactionError error, string subStatus)
    {
        transaction.Fail(error, subStatus, clock.Now);
        announcer.TransactionChanged(transaction);
    }

    private Wallets.Wallet Wallet(Transaction transaction) => world.Wallets[transaction.Source.WalletId!];

    private static void RequireStatus(Transaction transaction, TransactionStatus status)
    {
        if (transaction.Status != status)
            throw ApiException.InvalidState(
                $"The transaction is not {Transaction.WireName(status)}.", Transaction.WireName(transaction.Status));
    }

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
