using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Wallets;

/// <summary>Masked bank details.</summary>
internal sealed record BankDetails(string BankName, string AccountNumber);

/// <summary>
/// A bank account money can be paid out to (docs/oms-api.md 8.1). There is no call that makes one: every customer has one from the start, which stands for
/// the one that Polygon sets up.
/// </summary>
internal sealed record ExternalAccount(
    string Id, string Object, string CustomerId, string Type, string Status, string Network, BankDetails BankDetails, DateTimeOffset CreatedAt) : IListed
{
    public static ExternalAccount UsBankOf(Customer customer, IdSource ids, SandboxClock clock)
    {
        var digits = BitConverter.ToUInt32(ids.Bytes("account", 4)) % 10_000;
        return new ExternalAccount(ids.Next("cpUsBank"), "externalAccount", customer.Id, "usBank", "verified", "ach",
            new BankDetails("Example Savings Bank", $"******{digits:0000}"), clock.Now);
    }
}

/// <summary>Read-only: v0.9 documents no calls for external accounts, later versions read them at these paths.</summary>
internal static class ExternalAccountEndpoints
{
    public static void MapExternalAccounts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/external-accounts", (HttpRequest request, World world) =>
        {
            var customerId = request.Query["customerId"].FirstOrDefault();
            lock (world.Gate)
            {
                var wanted = world.ExternalAccounts.Values.Where(account => customerId is null || account.CustomerId == customerId);
                return Answer.Ok(Paging.Cut(wanted, request, account => account));
            }
        });
        api.MapGet("/external-accounts/{id}", (string id, World world) =>
        {
            lock (world.Gate)
                return Answer.Ok(World.Find(world.ExternalAccounts, id));
        });
    }
}
