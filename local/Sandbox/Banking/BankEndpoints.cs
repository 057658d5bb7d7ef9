using System.Text.Json.Serialization;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Banking;

/// <summary>
/// Accounts that money can be sent to, and the documented calls that simulate such money (docs/oms-api.md 8.1, 10). Virtual accounts are
/// early access: without it every call is refused, as for a key that may not.
/// </summary>
internal static class BankEndpoints
{
    public static void MapBank(this IEndpointRouteBuilder api, SandboxOptions options)
    {
        var accounts = api.MapGroup("/virtual-accounts");
        if (!options.EarlyAccess)
        {
            accounts.AddEndpointFilter((_, _) => throw ApiException.ForStatus(403, null, null));
        }
        accounts.MapPost("", async (HttpRequest request, World world, Accounts desk) =>
        {
            var wanted = AccountRequest.Read(await JsonBody.ReadAsync(request));
            lock (world.Gate)
                return Answer.Created(desk.OpenVirtual(wanted).View());
        });
        accounts.MapGet("", (HttpRequest request, World world) =>
        {
            lock (world.Gate)
            {
                var wanted = world.VirtualAccounts.Values.Where(account => IsWanted(request, account.CustomerId));
                return Answer.Ok(Paging.Cut(wanted, request, account => account.View()));
            }
        });
        accounts.MapGet("/{id}", (string id, World world) =>
        {
            lock (world.Gate)
                return Answer.Ok(World.Find(world.VirtualAccounts, id).View());
        });
        accounts.MapPost("/{id}/simulate", async (string id, HttpRequest request, World world, Deposits deposits) =>
        {
            var body = await JsonBody.ReadAsync(request);
            var (amount, rail) = (body.RequiredMoney("amount"), ReadRail(body));
            body.Check();
            lock (world.Gate)
                return Answer.Ok(SimulatedDeposit.Of(deposits.Send(World.Find(world.VirtualAccounts, id), amount, rail)));
        });
        api.MapDepositAddresses();
    }

    private static void MapDepositAddresses(this IEndpointRouteBuilder api)
    {
        api.MapGet("/deposit-addresses", (HttpRequest request, World world) =>
        {
            lock (world.Gate)
            {
                var wanted = world.DepositAddresses.Values.Where(address => IsWanted(request, address.CustomerId));
                return Answer.Ok(Paging.Cut(wanted, request, address => address.View()));
            }
        });
        api.MapGet("/deposit-addresses/{id}", (string id, World world) =>
        {
            lock (world.Gate)
                return Answer.Ok(World.Find(world.DepositAddresses, id).View());
        });
        api.MapPost("/deposit-addresses/{id}/simulate", async (string id, HttpRequest request, World world, Deposits deposits) =>
        {
            var body = await JsonBody.ReadAsync(request);
            var amount = body.RequiredMoney("amount");
            body.Check();
            lock (world.Gate)
                return Answer.Ok(SimulatedDeposit.Of(deposits.Send(World.Find(world.DepositAddresses, id), amount)));
        });
    }

    /// <summary>The rail; also under the names networks have elsewhere.</summary>
    public static string ReadRail(JsonBody body)
    {
        var rail = body.Text("rail") ?? body.Text("network") ?? "ach";
        rail = rail == "international_wire" ? "swift" : rail.ToLowerInvariant();
        if (!Deposit.Rails.Contains(rail))
            body.Wrong("rail", $"must be one of {string.Join(", ", Deposit.Rails)}");
        return rail;
    }

    private static bool IsWanted(HttpRequest request, string customerId)
        => request.Query["customerId"] is not [{ Length: > 0 } wanted, ..] || wanted == customerId;
}

/// <summary>The answer to a simulated transfer; its documented form was not readable.</summary>
internal sealed record SimulatedDeposit(
    string Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? VirtualAccountId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? DepositAddressId,
    string CustomerId, string Status, string Amount, string Asset, string Rail, string? TransactionId, DateTimeOffset CreatedAt)
{
    public static SimulatedDeposit Of(Deposit deposit)
    {
        var view = deposit.View();
        return new SimulatedDeposit(
            view.Id, view.VirtualAccountId, view.DepositAddressId, view.CustomerId, view.Status, view.Amount, view.Asset, deposit.Rail,
            deposit.TransactionId, deposit.CreatedAt);
    }
}
