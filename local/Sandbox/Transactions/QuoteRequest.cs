using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Transactions;

/// <summary>What is to be priced (docs/oms-api.md 8): exactly one side has an amount, exactly one target is named.</summary>
internal sealed record QuoteRequest(
    string CustomerId, string WalletId, string SourceAsset, string SourceNetwork, decimal? SourceAmount,
    string DestinationAsset, string DestinationNetwork, decimal? DestinationAmount,
    string? TargetWalletId, string? TargetAddress, string? ExternalAccountId, bool SponsorGas, IReadOnlyDictionary<string, string>? Metadata)
{
    public static QuoteRequest Read(JsonBody body)
    {
        var customerId = body.RequiredId("customerId", "cst");
        var source = body.RequiredObject("source");
        var destination = body.RequiredObject("destination");
        var wallet = destination.RequiredObject("wallet");
        var request = new QuoteRequest(
            customerId, source.RequiredId("walletId", "wlt"), source.RequiredText("asset"), source.RequiredText("network"), source.Money("amount"),
            destination.RequiredText("asset"), destination.RequiredText("network"), destination.Money("amount"),
            wallet.Text("id") ?? wallet.Text("wallet"), wallet.Text("blockchainAddress"), wallet.Text("externalAccount"),
            body.Bool("sponsorGas") ?? true, body.Metadata());
        if (request.SourceAmount is null == request.DestinationAmount is null)
            body.Wrong("source.amount", "exactly one side must have an amount");
        var targets = new[] { request.TargetWalletId, request.TargetAddress, request.ExternalAccountId }.Count(target => target is not null);
        if (targets != 1)
            destination.Wrong("wallet", "exactly one member is required");
        body.Check();
        return request;
    }
}
