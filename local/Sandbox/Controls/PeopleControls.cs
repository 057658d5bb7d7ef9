using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Money;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Wallets;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Controls;

/// <summary>Decides on endorsements, and changes customers and wallets as only OMS could.</summary>
internal static class PeopleControls
{
    public static void MapPeople(this IEndpointRouteBuilder sim)
    {
        sim.MapGet("/endorsements", (World world, Decisions decisions) =>
        {
            lock (world.Gate)
                return Answer.Ok(new { decisions.Default });
        });
        sim.MapPost("/endorsements", async (HttpRequest request, World world, Decisions decisions, Evaluations evaluations) =>
        {
            var wanted = EndorsementOrder.Read(await JsonBody.ReadAsync(request));
            lock (world.Gate)
                return wanted.Apply(world, decisions, evaluations);
        });
        sim.MapPost("/customers/{id}/status", async (string id, HttpRequest request, World world, SandboxClock clock) =>
        {
            var status = await StatusAsync(request, "active", "inactive");
            lock (world.Gate)
            {
                var customer = World.Find(world.Customers, id);
                customer.Active = status == "active";
                customer.Touch(clock.Now);
                return Answer.Ok(customer.View(world.Wallets.Values));
            }
        });
        sim.MapPost("/wallets/{id}/status", async (string id, HttpRequest request, World world, SandboxClock clock) =>
        {
            var status = await StatusAsync(request, "active", "suspended", "closed");
            lock (world.Gate)
            {
                var wallet = World.Find(world.Wallets, id);
                wallet.Move(Enum.Parse<WalletStatus>(status, ignoreCase: true), clock.Now);
                return Answer.Ok(wallet.View());
            }
        });
        sim.MapPost(
            "/wallets/{id}/deposit",
            async (string id, HttpRequest request, World world, SandboxClock clock, IdSource ids, Announcer announcer) =>
        {
            var body = await JsonBody.ReadAsync(request);
            var amount = body.RequiredMoney("amount");
            body.Check();
            lock (world.Gate)
            {
                var wallet = World.Find(world.Wallets, id);
                wallet.Credit(amount, clock.Now);
                announcer.DepositDetected(wallet, MoneyText.Of(amount), "0x" + Convert.ToHexStringLower(ids.Bytes("transaction", 32)));
                return Answer.Ok(wallet.BalanceView("USD"));
            }
        });
    }

    public static async Task<string> StatusAsync(HttpRequest request, params string[] allowed)
    {
        var body = await JsonBody.ReadAsync(request);
        var status = body.RequiredText("status");
        if (status.Length > 0 && !allowed.Contains(status))
            body.Wrong("status", $"must be one of {string.Join(", ", allowed)}");
        body.Check();
        return status;
    }
}
