using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Faults;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Wallets;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Transactions;

/// <summary>Prices and executes sends and payouts (docs/oms-api.md 8). Call it holding the world's gate.</summary>
internal sealed class Payouts(World world, IdSource ids, Agenda agenda, SandboxClock clock, SandboxOptions options, FaultBook faults, Announcer announcer)
{
    private static readonly string[] BankNetworks = ["usBank", "ach", "wire", "international_wire"];

    public Quote Price(QuoteRequest request)
    {
        var customer = World.Find(world.Customers, request.CustomerId);
        var toBank = request.DestinationAsset == "usd";
        customer.RequireMoneyMovement(EndorsementNames.Basic, toBank ? EndorsementNames.Usd : EndorsementNames.CryptoCustody);
        var wallet = World.Find(world.Wallets, request.WalletId);
        if (wallet.CustomerId != customer.Id)
            throw ApiException.NotFound();
        if (wallet.Asset != request.SourceAsset || wallet.Chain != request.SourceNetwork)
            throw ApiException.UnsupportedAsset();
        if (toBank ? !BankNetworks.Contains(request.DestinationNetwork) : !WalletEditor.Supports(request.DestinationAsset, request.DestinationNetwork))
            throw ApiException.UnsupportedAsset();
        RequireTarget(request, customer, toBank);
        var price = request.SourceAmount is { } amount
            ? PayoutPrice.FromSource(amount, toBank)
            : PayoutPrice.ForDestination(request.DestinationAmount!.Value, toBank);
        var quote = new Quote(ids.Next("qt"), request, price, clock.Now, clock.Now + options.QuoteLifetime);
        world.Quotes.Add(quote.Id, quote);
        return quote;
    }

    public Transaction Execute(Quote quote, IReadOnlyDictionary<string, string>? metadata)
    {
        var now = clock.Now;
        var customer = world.Customers[quote.Request.CustomerId];
        customer.RequireMoneyMovement(EndorsementNames.Basic);
        var wallet = world.Wallets[quote.Request.WalletId];
        if (quote.Status(now) == QuoteStatus.Open && wallet.Balance < quote.Price.Gross)
            throw ApiException.InsufficientFunds();
        quote.Accept(now);
        wallet.Debit(quote.Price.Gross, now);

        var id = ids.Next("txn");
        var transaction = new Transaction(id, quote.Type, customer.Id, id, now)
        {
            QuoteId = quote.Id,
            RecipientCustomerId = quote.Request.TargetWalletId is { } target ? world.Wallets[target].CustomerId : null,
            Source = quote.Source,
            Destination = quote.Destination,
            Rates = quote.Rates,
            Metadata = metadata ?? quote.Request.Metadata ?? new Dictionary<string, string>(),
        };
        world.Transactions.Add(id, transaction);
        announcer.TransactionChanged(transaction);

        var subject = new FaultSubject { CustomerId = customer.Id, ResourceId = id };
        var slow = faults.Take(FaultKind.SlowConversion, subject);
        var failure = faults.Take(FaultKind.FailConversion, subject);
        agenda.At(now + (slow?.Delay ?? options.ConversionDelay), () =>
        {
            lock (world.Gate)
                Finish(transaction, quote, wallet, failure);
        });
        return transaction;
    }

    private void Finish(Transaction transaction, Quote quote, Wallet wallet, FaultRule? failure)
    {
        var now = clock.Now;
        if (failure is not null)
        {
            // What did not arrive goes back to the wallet it came from.
            wallet.Credit(quote.Price.Gross, now);
            transaction.Fail(new TransactionError(failure.Code ?? "provider_unavailable", "The transfer was not completed.", failure.Recoverable), "providerFailed", now);
        }
        else
        {
            if (quote.Request.TargetWalletId is { } target)
                world.Wallets[target].Credit(quote.Price.Net, now);
            var onChain = quote.Type == "cryptoToCrypto";
            transaction.Complete(onChain ? "0x" + Convert.ToHexStringLower(ids.Bytes("transaction", 32)) : null, now);
        }
        announcer.TransactionChanged(transaction);
    }

    private void RequireTarget(QuoteRequest request, Customer customer, bool toBank)
    {
        if (toBank != (request.ExternalAccountId?.StartsWith("cpBcAddr_", StringComparison.Ordinal) == false))
            throw ApiException.Validation("destination.wallet", toBank ? "must be an external bank account" : "cannot be a bank account");
        if (request.ExternalAccountId is { } account && World.Find(world.ExternalAccounts, account).CustomerId != customer.Id)
            throw ApiException.NotFound();
        if (request.TargetWalletId is { } walletId)
        {
            var target = World.Find(world.Wallets, walletId);
            if (target.Asset != request.DestinationAsset || target.Chain != request.DestinationNetwork)
                throw ApiException.UnsupportedAsset();
        }
    }
}
