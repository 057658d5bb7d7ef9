using System.Text.Json.Serialization;
using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;

namespace OmsWorkflows.Local.Sandbox.Wallets;

/// <summary>Masked bank details.</summary>
internal sealed record BankDetails(string BankName, string AccountNumber);

/// <summary>A masked card.</summary>
internal sealed record CardDetails(string Brand, string LastFour, string Expiry);

/// <summary>
/// Where money can be paid out to: a bank account or a debit card (docs/oms-api.md 8.1). There is no call that makes one: every customer
/// has one of each from the start, which stand for those that Polygon sets up.
/// </summary>
internal sealed record ExternalAccount(string Id, string CustomerId, string Type, string Network, DateTimeOffset CreatedAt) : IListed
{
    public const string Card = "debitCard";

    private static readonly string[] BankNetworks = ["usBank", "ach", "wire", "international_wire"];

    public string Object { get; } = "externalAccount";

    public string Status { get; private set; } = "pending";

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BankDetails? BankDetails { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CardDetails? CardDetails { get; init; }

    /// <summary>Rises with every change; events carry it as their sequence.</summary>
    [JsonIgnore]
    public int Version { get; private set; } = 1;

    public void Move(string status) => (Status, Version) = (status, Version + 1);

    /// <summary>Whether a payout over this network ends on such an account. The name of a card's network is our guess.</summary>
    public bool TakesFrom(string network) => Type == Card ? network == "card" : BankNetworks.Contains(network);

    public static bool IsNetwork(string network) => network == "card" || BankNetworks.Contains(network);

    public static IReadOnlyList<ExternalAccount> Of(Customer customer, IdSource ids, SandboxClock clock)
    {
        var bank = new ExternalAccount(ids.Next("cpUsBank"), customer.Id, "usBank", "ach", clock.Now)
        {
            BankDetails = new BankDetails("Example Savings Bank", $"******{Digits(ids)}"),
        };
        // Older than the bank account, so that lists, newest first, begin with the bank.
        var card = new ExternalAccount(ids.Next("pmCard"), customer.Id, Card, "card", clock.Now.AddSeconds(-1))
        {
            CardDetails = new CardDetails("visa", Digits(ids), "08/30"),
        };
        return [bank, card];
    }

    private static string Digits(IdSource ids) => $"{BitConverter.ToUInt32(ids.Bytes("account", 4)) % 10_000:0000}";
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
