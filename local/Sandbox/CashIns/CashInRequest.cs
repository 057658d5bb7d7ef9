using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Locations;

namespace OmsWorkflows.Local.Sandbox.CashIns;

/// <summary>What is asked for (docs/oms-api.md 7.1). Older member names are read as well.</summary>
internal sealed record CashInRequest(
    string CustomerId, decimal Indicated, string? Email, CashInTarget Target, CashPlace Place,
    IReadOnlyDictionary<string, string>? Metadata)
{
    private const decimal DefaultIndicated = 100m;

    public static CashInRequest Read(JsonBody body)
    {
        var customerId = body.RequiredId("customerId", "cst");
        var source = body.RequiredObject("source");
        if (source.RequiredText("asset") is { Length: > 0 } asset && asset != "usd")
            source.Wrong("asset", "must be usd");
        var indicated = source.Money("indicatedAmount") ?? DefaultIndicated;
        var email = source.Text("email");
        var target = ReadTarget(body.RequiredObject("destination"));
        var place = CashPlace.Read(body.RequiredObject("cash"));
        var metadata = body.Metadata();
        body.Check();
        return new CashInRequest(customerId, indicated, email, target, place, metadata);
    }

    public static CashInTarget ReadTarget(JsonBody destination)
    {
        var wallet = destination.RequiredObject("wallet");
        var id = wallet.Text("id") ?? wallet.Text("wallet");
        var address = wallet.Text("blockchainAddress");
        var externalAccount = wallet.Text("externalAccount");
        var given = new[] { id, address, externalAccount }.Count(member => member is not null);
        if (given != 1)
            destination.Wrong("wallet", "exactly one member is required");
        else if (externalAccount is not null)
            wallet.Wrong("externalAccount", "is not yet available");
        else if (id?.StartsWith("wlt_", StringComparison.Ordinal) == false)
            wallet.Wrong("id", "must start with wlt_");
        return new CashInTarget(destination.RequiredText("asset"), destination.RequiredText("network"), id, address);
    }
}
