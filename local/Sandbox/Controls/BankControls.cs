using OmsWorkflows.Local.Sandbox.Banking;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Transactions;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Controls;

/// <summary>What banks, stores that pay out, and OMS's compliance do.</summary>
internal static class BankControls
{
    public static void MapBank(this IEndpointRouteBuilder sim)
    {
        sim.MapPost("/virtual-accounts", async (HttpRequest request, World world, Accounts desk) =>
        {
            var wanted = AccountRequest.Read(await JsonBody.ReadAsync(request));
            lock (world.Gate)
                return Answer.Ok(desk.OpenVirtual(wanted).View());
        });
        sim.MapPost("/deposit-addresses", async (HttpRequest request, World world, Accounts desk) =>
        {
            var wanted = AccountRequest.Read(await JsonBody.ReadAsync(request));
            lock (world.Gate)
                return Answer.Ok(desk.OpenAddress(wanted).View());
        });
        sim.MapPost("/virtual-accounts/{id}/status", async (string id, HttpRequest request, World world, Accounts desk) =>
        {
            var status = await StatusAsync(request);
            lock (world.Gate)
            {
                var account = World.Find(world.VirtualAccounts, id);
                desk.Move(account, status);
                return Answer.Ok(account.View());
            }
        });
        sim.MapPost("/virtual-accounts/{id}/deposits", async (string id, HttpRequest request, World world, Deposits deposits) =>
        {
            var body = await JsonBody.ReadAsync(request);
            var (amount, rail) = (body.RequiredMoney("amount"), BankEndpoints.ReadRail(body));
            body.Check();
            lock (world.Gate)
                return Answer.Ok(SimulatedDeposit.Of(deposits.Send(World.Find(world.VirtualAccounts, id), amount, rail)));
        });
        sim.MapPost("/deposit-addresses/{id}/status", async (string id, HttpRequest request, World world, Accounts desk) =>
        {
            var status = await StatusAsync(request);
            lock (world.Gate)
            {
                var address = World.Find(world.DepositAddresses, id);
                desk.Move(address, status);
                return Answer.Ok(address.View());
            }
        });
        sim.MapGet("/deposits", (World world) =>
        {
            lock (world.Gate)
            {
                var newestFirst = world.Deposits.Values.OrderByDescending(deposit => deposit.CreatedAt);
                return Answer.Ok(new { Data = newestFirst.Select(SimulatedDeposit.Of).ToList() });
            }
        });
        sim.MapPost("/deposits/{id}/return", (string id, World world, Deposits deposits) =>
        {
            lock (world.Gate)
            {
                var deposit = World.Find(world.Deposits, id);
                deposits.Return(deposit);
                return Answer.Ok(SimulatedDeposit.Of(deposit));
            }
        });
        sim.MapExternalAccountStatus();
        sim.MapTransactionMoves();
    }

    private static void MapExternalAccountStatus(this IEndpointRouteBuilder sim)
        => sim.MapPost("/external-accounts/{id}/status", async (string id, HttpRequest request, World world, Announcer announcer) =>
        {
            var status = await PeopleControls.StatusAsync(request, "pending", "verified", "declined", "deleted");
            lock (world.Gate)
            {
                var account = World.Find(world.ExternalAccounts, id);
                account.Move(status);
                announcer.ExternalAccountChanged(account, status == "pending" ? ["statusChanged"] : [status, "statusChanged"]);
                return Answer.Ok(account);
            }
        });

    private static void MapTransactionMoves(this IEndpointRouteBuilder sim)
    {
        sim.MapMove("release", (transaction, movements, _) => movements.Decide(transaction, released: true));
        sim.MapMove("refuse", (transaction, movements, _) => movements.Decide(transaction, released: false));
        sim.MapMove("return", (transaction, _, ends) => ends.Return(transaction));
        sim.MapMove("refund", (transaction, _, ends) => ends.Refund(transaction));
        sim.MapMove("collect", (transaction, _, ends) => ends.Collect(transaction));
        sim.MapPost("/cash-pickups", async (HttpRequest request, World world, PayoutEnds ends) =>
        {
            var body = await JsonBody.ReadAsync(request);
            var code = body.RequiredText("code");
            body.Check();
            lock (world.Gate)
            {
                var transaction = world.Transactions.Values.FirstOrDefault(known => known.Pickup?.Code == code)
                    ?? throw ApiException.NotFound();
                ends.Collect(transaction);
                return Answer.Ok(transaction.View());
            }
        });
    }

    private static void MapMove(this IEndpointRouteBuilder sim, string name, Action<Transaction, Movements, PayoutEnds> move)
        => sim.MapPost($"/transactions/{{id}}/{name}", (string id, World world, Movements movements, PayoutEnds ends) =>
        {
            lock (world.Gate)
            {
                var transaction = World.Find(world.Transactions, id);
                move(transaction, movements, ends);
                return Answer.Ok(transaction.View());
            }
        });

    private static async Task<ReceivingStatus> StatusAsync(HttpRequest request)
        => Enum.Parse<ReceivingStatus>(await PeopleControls.StatusAsync(request, "active", "paused", "deleted"), ignoreCase: true);
}
