using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Locations;

namespace OmsWorkflows.Local.Sandbox.Transactions;

/// <summary>What is to be priced (docs/oms-api.md 8): exactly one side has an amount, exactly one target is named.</summary>
internal sealed record QuoteRequest(
    string CustomerId, string WalletId, string SourceAsset, string SourceNetwork, decimal? SourceAmount,
    string DestinationAsset, string DestinationNetwork, decimal? DestinationAmount,
    string? TargetWalletId, string? TargetAddress, string? ExternalAccountId, CashPlace? Cash, bool SponsorGas,
    IReadOnlyDictionary<string, string>? Metadata)
{
    public bool ToFiat => DestinationAsset == "usd";

    public static QuoteRequest Read(JsonBody body)
    {
        var customerId = body.RequiredId("customerId", "cst");
        var source = body.RequiredObject("source");
        var destination = body.RequiredObject("destination");
        var cash = destination.Object("cash") is { } place ? CashPlace.Read(place) : null;
        var wallet = cash is null ? destination.RequiredObject("wallet") : destination.Object("wallet");
        var request = new QuoteRequest(
            customerId, source.RequiredId("walletId", "wlt"), source.RequiredText("asset"), source.RequiredText("network"),
            source.Money("amount"),
            destination.RequiredText("asset"), destination.RequiredText("network"), destination.Money("amount"),
            wallet?.Text("id") ?? wallet?.Text("wallet"), wallet?.Text("blockchainAddress"), wallet?.Text("externalAccount"), cash,
            body.Bool("sponsorGas") ?? true, body.Metadata());
        if (request.SourceAmount is null == request.DestinationAmount is null)
            body.Wrong("source.amount", "exactly one side must have an amount");
        var targets = new object?[] { request.TargetWalletId, request.TargetAddress, request.ExternalAccountId, cash };
        if (targets.Count(target => target is not null) != 1)
            destination.Wrong("wallet", "exactly one member is required");
        body.Check();
        return request;
    }
}
