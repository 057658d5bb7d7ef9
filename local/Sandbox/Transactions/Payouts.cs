using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Locations;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Wallets;

namespace OmsWorkflows.Local.Sandbox.Transactions;

/// <summary>Prices and executes sends and payouts (docs/oms-api.md 8). Call it holding the world's gate.</summary>
internal sealed class Payouts(
    World world, IdSource ids, SandboxClock clock, SandboxOptions options, LocationReferences references, Movements movements,
    PayoutEnds ends)
{
    private const string CashNetwork = "cash";

    public Quote Price(QuoteRequest request)
    {
        var customer = World.Find(world.Customers, request.CustomerId);
        customer.RequireMoneyMovement(EndorsementNames.Basic, request.ToFiat ? EndorsementNames.Usd : EndorsementNames.CryptoCustody);
        var wallet = World.Find(world.Wallets, request.WalletId);
        if (wallet.CustomerId != customer.Id)
            throw ApiException.NotFound();
        if (wallet.Asset != request.SourceAsset || wallet.Chain != request.SourceNetwork || !IsKnown(request))
            throw ApiException.UnsupportedAsset();
        RequireTarget(request, customer);
        var price = request.SourceAmount is { } amount
            ? PayoutPrice.FromSource(amount, request.ToFiat)
            : PayoutPrice.ForDestination(request.DestinationAmount!.Value, request.ToFiat);
        RequireWithinLimits(request, price);
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
        movements.Begin(transaction, id, () => ends.Arrive(transaction, quote), error => ends.Fail(transaction, quote, error));
        return transaction;
    }

    private static bool IsKnown(QuoteRequest request) => request.ToFiat
        ? request.DestinationNetwork == CashNetwork || ExternalAccount.IsNetwork(request.DestinationNetwork)
        : WalletEditor.Supports(request.DestinationAsset, request.DestinationNetwork);

    private void RequireTarget(QuoteRequest request, Customer customer)
    {
        if (request.ToFiat != (request.Cash is not null || IsFiatAccount(request.ExternalAccountId)))
            throw ApiException.Validation(
                "destination.wallet", request.ToFiat ? "must be an external account" : "cannot be a bank account or a card");
        if (request.Cash is not null != (request.DestinationNetwork == CashNetwork))
            throw ApiException.Validation("destination.network", "must be cash for a location, and for nothing else");
        if (request.Cash is { } place)
            references.Require(place);
        if (request.ExternalAccountId is { } accountId)
            RequireAccount(World.Find(world.ExternalAccounts, accountId), request, customer);
        if (request.TargetWalletId is { } walletId)
        {
            var target = World.Find(world.Wallets, walletId);
            if (target.Asset != request.DestinationAsset || target.Chain != request.DestinationNetwork)
                throw ApiException.UnsupportedAsset();
        }
    }

    private static void RequireAccount(ExternalAccount account, QuoteRequest request, Customer customer)
    {
        if (account.CustomerId != customer.Id)
            throw ApiException.NotFound();
        if (!account.TakesFrom(request.DestinationNetwork))
            throw ApiException.Validation("destination.network", $"does not lead to a {account.Type} account");
        if (account.Status != "verified")
            throw ApiException.InvalidState("The external account is not verified.", account.Status);
    }

    private void RequireWithinLimits(QuoteRequest request, PayoutPrice price)
    {
        if (!request.ToFiat)
            return;
        if (price.Gross < options.MinPayout || price.Gross > options.MaxPayout)
            throw ApiException.LimitExceeded();
        if (request.Cash is { } place && !CashInLimits.AllowsOne(price.Net, Stores.Find(place.LocationId)!))
            throw ApiException.LimitExceeded();
    }

    private static bool IsFiatAccount(string? accountId) => accountId?.StartsWith("cpBcAddr_", StringComparison.Ordinal) == false;
}
