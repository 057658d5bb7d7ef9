using System.Globalization;
using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.Banking;

/// <summary>Opens accounts that money can be sent to, and changes them. Call it holding the world's gate.</summary>
internal sealed class Accounts(World world, IdSource ids, SandboxClock clock, Announcer announcer)
{
    public VirtualAccount OpenVirtual(AccountRequest wanted)
    {
        var customer = RequireCustomer(wanted, EndorsementNames.Basic, EndorsementNames.Usd);
        var number = BitConverter.ToUInt32(ids.Bytes("account", 4)) % 1_000_000_000;
        var details = new ReceivingDetails(
            "Example Trust", number.ToString("000000000", CultureInfo.InvariantCulture), "011000015", "checking",
            $"{customer.FirstName} {customer.LastName}", $"VA-{number % 100_000:00000}");
        var account = new VirtualAccount(ids.Next("va"), customer.Id, details, wanted.Target, clock.Now)
        {
            AccountholderName = wanted.AccountholderName ?? "oms",
            Metadata = wanted.Metadata,
        };
        world.VirtualAccounts.Add(account.Id, account);
        Tell(account, "provisioned");
        Tell(account, "active");
        return account;
    }

    public DepositAddress OpenAddress(AccountRequest wanted)
    {
        var customer = RequireCustomer(wanted, EndorsementNames.Basic, EndorsementNames.CryptoCustody);
        var text = "0x" + Convert.ToHexStringLower(ids.Bytes("address", 20));
        var address = new DepositAddress(ids.Next("da"), customer.Id, text, wanted.Target, clock.Now);
        world.DepositAddresses.Add(address.Id, address);
        Tell(address, "active");
        return address;
    }

    public void Move(VirtualAccount account, ReceivingStatus to)
    {
        account.Move(to);
        if (to == ReceivingStatus.Deleted)
            Tell(account, "deleted");
        Tell(account, "statusChanged");
    }

    public void Move(DepositAddress address, ReceivingStatus to)
    {
        address.Move(to);
        Tell(address, "statusChanged");
    }

    private Customer RequireCustomer(AccountRequest wanted, params IEnumerable<string> endorsements)
    {
        var customer = World.Find(world.Customers, wanted.CustomerId);
        customer.RequireMoneyMovement(endorsements);
        world.RequireWallet(customer.Id, wanted.Target);
        return customer;
    }

    private void Tell(VirtualAccount account, string what)
        => announcer.RaiseLater(
            $"virtualAccount.{what}", account.View(), account.Version, account.Id, account.CustomerId, account.CustomerId);

    private void Tell(DepositAddress address, string what)
        => announcer.RaiseLater(
            $"depositAddress.{what}", address.View(), address.Version, address.Id, address.CustomerId, address.CustomerId);
}

/// <summary>
/// What account is wanted. No documented call takes it in v0.9; the members are those of the object, as far as a caller can choose them.
/// </summary>
internal sealed record AccountRequest(
    string CustomerId, CashInTarget Target, string? AccountholderName, IReadOnlyDictionary<string, string>? Metadata)
{
    private static readonly string[] Holders = ["customer", "oms", "developer"];

    public static AccountRequest Read(JsonBody body)
    {
        var customerId = body.RequiredId("customerId", "cst");
        var target = CashInRequest.ReadTarget(body.RequiredObject("destination"));
        var (holder, metadata) = (body.Text("accountholderName"), body.Metadata());
        if (holder is not null && !Holders.Contains(holder))
            body.Wrong("accountholderName", $"must be one of {string.Join(", ", Holders)}");
        body.Check();
        return new AccountRequest(customerId, target, holder, metadata);
    }
}
