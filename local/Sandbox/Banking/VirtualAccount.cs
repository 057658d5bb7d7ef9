using System.Text.Json.Serialization;
using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Banking;

/// <summary>States of virtual accounts and deposit addresses (docs/oms-api.md 8.1).</summary>
internal enum ReceivingStatus
{
    Active,
    Paused,
    Deleted,
}

/// <summary>
/// A bank account in OMS's books: what arrives there is turned into the asset of its wallet, without a call and without a quote.
/// </summary>
internal sealed class VirtualAccount(
    string id, string customerId, ReceivingDetails bankDetails, CashInTarget target, DateTimeOffset createdAt) : IListed
{
    public string Id => id;

    public string CustomerId => customerId;

    public CashInTarget Target => target;

    public string AccountholderName { get; init; } = "oms";

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public ReceivingStatus Status { get; private set; }

    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>Rises with every change; events carry it as their sequence.</summary>
    public int Version { get; private set; } = 1;

    public void Move(ReceivingStatus to)
    {
        Receiving.RequireMove(Status, to);
        (Status, Version) = (to, Version + 1);
    }

    public VirtualAccountView View() => new(
        Id, "virtualAccount", CustomerId, Receiving.WireName(Status), new AssetSource("usd", "usBank"), bankDetails,
        ReceivingTarget.Of(target), AccountholderName, Metadata, CreatedAt);
}

/// <summary>Where the sender's bank has to send it.</summary>
internal sealed record ReceivingDetails(
    string BankName, string AccountNumber, string RoutingNumber, string AccountType, string OwnerName, string Reference);

/// <summary>What is received.</summary>
internal sealed record AssetSource(string Asset, string Network);

/// <summary>Where it goes.</summary>
internal sealed record ReceivingTarget(TargetWallet Wallet, string Asset, string Network)
{
    public static ReceivingTarget Of(CashInTarget target)
        => new(new TargetWallet(target.WalletId, target.BlockchainAddress), target.Asset, target.Network);
}

/// <summary>The virtual account object (docs/oms-api.md 8.1).</summary>
internal sealed record VirtualAccountView(
    string Id, string Object, string CustomerId, string Status, AssetSource Source, ReceivingDetails BankDetails,
    ReceivingTarget Destination, string AccountholderName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Metadata,
    DateTimeOffset CreatedAt);

/// <summary>What both kinds of receiving accounts share.</summary>
internal static class Receiving
{
    public static string WireName(ReceivingStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>It can be paused and resumed, and is deleted for good.</summary>
    public static bool CanMove(ReceivingStatus from, ReceivingStatus to) => from != to && from != ReceivingStatus.Deleted;

    public static void RequireMove(ReceivingStatus from, ReceivingStatus to)
    {
        if (!CanMove(from, to))
            throw ApiException.InvalidState("The account cannot change to this status.", WireName(from));
    }

    public static void RequireActive(ReceivingStatus status)
    {
        if (status != ReceivingStatus.Active)
            throw ApiException.InvalidState("The account is not active.", WireName(status));
    }
}
