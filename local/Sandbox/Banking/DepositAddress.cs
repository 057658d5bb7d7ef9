using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Banking;

/// <summary>An address on a chain: tokens that arrive there are passed on to the customer's wallet (docs/oms-api.md 8.1).</summary>
internal sealed class DepositAddress(string id, string customerId, string address, CashInTarget target, DateTimeOffset createdAt) : IListed
{
    public string Id => id;

    public string CustomerId => customerId;

    public CashInTarget Target => target;

    public ReceivingStatus Status { get; private set; }

    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>Rises with every change; events carry it as their sequence.</summary>
    public int Version { get; private set; } = 1;

    public void Move(ReceivingStatus to)
    {
        Receiving.RequireMove(Status, to);
        (Status, Version) = (to, Version + 1);
    }

    public DepositAddressView View() => new(
        Id, "depositAddress", CustomerId, Receiving.WireName(Status), new AssetSource(target.Asset, target.Network),
        new AddressInstructions(address, target.Asset, target.Network), ReceivingTarget.Of(target), CreatedAt);
}

/// <summary>Where to send tokens.</summary>
internal sealed record AddressInstructions(string Address, string Asset, string Network);

/// <summary>The deposit address object (docs/oms-api.md 8.1).</summary>
internal sealed record DepositAddressView(
    string Id, string Object, string CustomerId, string Status, AssetSource Source, AddressInstructions DepositInstructions,
    ReceivingTarget Destination, DateTimeOffset CreatedAt);
