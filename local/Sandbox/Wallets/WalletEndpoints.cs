using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Wallets;

/// <summary>Provision, list and read wallets (docs/oms-api.md 5).</summary>
internal static class WalletEndpoints
{
    public static void MapWallets(this IEndpointRouteBuilder api)
    {
        api.MapPost("/customers/{id}/wallets", async (string id, HttpRequest request, World world, WalletEditor editor) =>
        {
            var body = await JsonBody.ReadAsync(request);
            var (asset, chain) = (body.RequiredText("asset"), body.RequiredText("chain"));
            body.Check();
            lock (world.Gate)
                return Answer.Created(editor.Create(World.Find(world.Customers, id), asset, chain).View());
        });
        api.MapGet("/customers/{id}/wallets", (string id, HttpRequest request, World world) =>
        {
            lock (world.Gate)
            {
                var customer = World.Find(world.Customers, id);
                return Answer.Ok(
                    Paging.Cut(world.Wallets.Values.Where(wallet => wallet.CustomerId == customer.Id), request, wallet => wallet.View()));
            }
        });
        api.MapGet("/wallets/{id}", (string id, World world) =>
        {
            lock (world.Gate)
                return Answer.Ok(World.Find(world.Wallets, id).View());
        });
        api.MapGet("/wallets/{id}/balance", (string id, HttpRequest request, World world) =>
        {
            var currency = request.Query["estimatedBalanceCurrencyCode"].FirstOrDefault() ?? "USD";
            lock (world.Gate)
            {
                var wallet = World.Find(world.Wallets, id);
                if (!world.Customers[wallet.CustomerId].Provisioned)
                    throw ApiException.NotProvisioned();
                return Answer.Ok(wallet.BalanceView(currency));
            }
        });
        api.MapExternalAccounts();
    }
}

/// <summary>Makes wallets. Call it holding the world's gate.</summary>
internal sealed class WalletEditor(World world, IdSource ids, SandboxClock clock, Announcer announcer)
{
    /// <summary>What can be held: these assets on these chains.</summary>
    public static bool Supports(string asset, string chain) => asset is "usdc" or "usdt" && chain is "polygon" or "ethereum";

    /// <summary>Another call makes another wallet, also for the same asset and chain: several wallets per customer are allowed.</summary>
    public Wallet Create(Customer customer, string asset, string chain)
    {
        if (!Supports(asset, chain))
            throw ApiException.UnsupportedAsset();
        if (!customer.Active)
            throw ApiException.CustomerInactive();
        customer.RequireEndorsements(EndorsementNames.CryptoCustody);
        var address = "0x" + Convert.ToHexStringLower(ids.Bytes("address", 20));
        var wallet = new Wallet(ids.Next("wlt"), customer.Id, address, asset, chain, clock.Now);
        world.Wallets.Add(wallet.Id, wallet);
        customer.Touch(clock.Now);
        announcer.WalletProvisioned(wallet);
        return wallet;
    }
}
