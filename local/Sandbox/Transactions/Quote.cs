using System.Text.Json.Serialization;
using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Locations;
using OmsWorkflows.Local.Sandbox.Money;

namespace OmsWorkflows.Local.Sandbox.Transactions;

/// <summary>States of a quote (docs/oms-api.md 8).</summary>
internal enum QuoteStatus
{
    Open,
    Accepted,
    Expired,
}

/// <summary>A price that holds for a while.</summary>
internal sealed class Quote(string id, QuoteRequest request, PayoutPrice price, DateTimeOffset createdAt, DateTimeOffset expiresAt)
{
    private bool _accepted;

    public string Id => id;

    public QuoteRequest Request => request;

    public PayoutPrice Price => price;

    public string Type => request.ToFiat ? Transaction.CryptoToFiat : Transaction.CryptoToCrypto;

    public QuoteStatus Status(DateTimeOffset now)
        => _accepted ? QuoteStatus.Accepted : now >= expiresAt ? QuoteStatus.Expired : QuoteStatus.Open;

    public void Accept(DateTimeOffset now)
    {
        switch (Status(now))
        {
            case QuoteStatus.Expired: throw ApiException.QuoteExpired();
            case QuoteStatus.Accepted: throw ApiException.InvalidState("The quote was accepted before.", "accepted");
            default: _accepted = true; break;
        }
    }

    public TransactionSide Source => new(
        request.SourceAsset, request.SourceNetwork, MoneyText.Of(price.Gross), MoneyText.Of(price.Gross), Fees.Of(0))
    {
        WalletId = request.WalletId,
    };

    public TransactionSide Destination => new(
        request.DestinationAsset, request.DestinationNetwork, MoneyText.Of(price.Gross), MoneyText.Of(price.Net), Fees.Of(price.Fee))
    {
        Wallet = request.ToFiat ? null : new TargetWallet(request.TargetWalletId, request.TargetAddress),
        ExternalAccountId = request.ExternalAccountId,
        Cash = request.Cash,
    };

    public Rates Rates => price.Rates($"{request.SourceAsset}/{request.DestinationAsset}");

    public QuoteView View(DateTimeOffset now)
    {
        var destination = Destination;
        var wallet = request.Cash is null
            ? new QuoteTarget(request.TargetWalletId, request.TargetAddress, request.ExternalAccountId)
            : null;
        return new QuoteView(
            id, "quote", Type, Status(now).ToString().ToLowerInvariant(), request.CustomerId, Source,
            new QuoteDestination(
                destination.Asset, destination.Network, wallet, request.Cash,
                destination.AmountGross, destination.AmountNet, destination.FeesDeducted),
            Rates, request.SourceAmount is null ? "destination" : "source", request.SponsorGas, "0",
            request.Metadata ?? new Dictionary<string, string>(), createdAt, expiresAt);
    }
}

/// <summary>Payouts in USD cost 1 % on the destination side; sends of crypto cost nothing.</summary>
internal sealed record PayoutPrice(decimal Gross, decimal Fee)
{
    private const decimal FiatFee = 0.01m;

    public decimal Net => Gross - Fee;

    public static PayoutPrice FromSource(decimal amount, bool toFiat) => new(amount, toFiat ? MoneyText.Cents(amount * FiatFee) : 0);

    /// <summary>The least that leaves this amount after the fee.</summary>
    public static PayoutPrice ForDestination(decimal amount, bool toFiat)
    {
        if (!toFiat)
            return new PayoutPrice(amount, 0);
        var gross = MoneyText.Cents(amount / (1 - FiatFee));
        return new PayoutPrice(gross, gross - amount);
    }

    public Rates Rates(string pair)
        => new(pair, "1.0", (Net / Gross).ToString("0.0###", System.Globalization.CultureInfo.InvariantCulture));
}

/// <summary>The quote object (docs/oms-api.md 8).</summary>
internal sealed record QuoteView(
    string Id, string Object, string Type, string Status, string CustomerId, TransactionSide Source, QuoteDestination Destination,
    Rates Rates, string FixedAmountSide, bool SponsorGas, string SponsorGasCost, IReadOnlyDictionary<string, string> Metadata,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>Where a quote pays to.</summary>
internal sealed record QuoteDestination(
    string Asset, string Network,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] QuoteTarget? Wallet,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] CashPlace? Cash,
    string AmountGross, string AmountNet, Fees FeesDeducted);

/// <summary>Exactly one member is there.</summary>
internal sealed record QuoteTarget(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? BlockchainAddress,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ExternalAccount);
