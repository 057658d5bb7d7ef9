using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Money;

namespace OmsWorkflows.Local.Sandbox.Wallets;

/// <summary>States of a wallet (docs/oms-api.md 5).</summary>
internal enum WalletStatus
{
    Active,
    Suspended,
    Closed,
}

/// <summary>One asset on one chain.</summary>
internal sealed class Wallet(string id, string customerId, string address, string asset, string chain, DateTimeOffset createdAt) : IListed
{
    public string Id => id;

    public string CustomerId => customerId;

    public string Address => address;

    public string Asset => asset;

    public string Chain => chain;

    public WalletStatus Status { get; private set; } = WalletStatus.Active;

    public decimal Balance { get; private set; }

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset UpdatedAt { get; private set; } = createdAt;

    public int Version { get; private set; } = 1;

    /// <summary>A wallet is created active, can be suspended and resumed, and closed for good.</summary>
    public static bool CanMove(WalletStatus from, WalletStatus to) => (from, to) switch
    {
        (WalletStatus.Active, WalletStatus.Suspended or WalletStatus.Closed) => true,
        (WalletStatus.Suspended, WalletStatus.Active or WalletStatus.Closed) => true,
        _ => false,
    };

    public void Move(WalletStatus to, DateTimeOffset now)
    {
        if (!CanMove(Status, to))
            throw ApiException.InvalidState("The wallet cannot change to this status.", SandboxName(Status));
        Status = to;
        Touch(now);
    }

    public void Credit(decimal amount, DateTimeOffset now)
    {
        Balance += amount;
        Touch(now);
    }

    public void Debit(decimal amount, DateTimeOffset now)
    {
        if (amount > Balance)
            throw ApiException.InsufficientFunds();
        Balance -= amount;
        Touch(now);
    }

    public WalletView View() => new(Id, "wallet", CustomerId, Address, Asset, Chain, SandboxName(Status), "internal", CreatedAt, UpdatedAt);

    public FlatWallet Flat() => new(Id, "custodial", Address, Chain, Asset, MoneyText.Of(Balance), MoneyText.Of(Balance), CreatedAt);

    public BalanceView BalanceView(string currency) => new(
        Id, Asset, Chain, MoneyText.OnChain(Balance), MoneyText.Of(MoneyText.Cents(Balance)), MoneyText.Of(MoneyText.Cents(Balance)),
        currency, UpdatedAt);

    private static string SandboxName(WalletStatus status) => status.ToString().ToLowerInvariant();

    private void Touch(DateTimeOffset now) => (UpdatedAt, Version) = (now, Version + 1);
}

/// <summary>The wallet object (docs/oms-api.md 5).</summary>
internal sealed record WalletView(
    string Id, string Object, string CustomerId, string Address, string Asset, string Chain, string Status, string Type,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A wallet inside a customer; it says <c>network</c> where the wallet itself says <c>chain</c> (docs/oms-api.md 4.2).</summary>
internal sealed record FlatWallet(
    string Id, string Type, string Address, string Network, string Asset, string Balance, string EstimatedValueUsd,
    DateTimeOffset CreatedAt);

/// <summary>A balance.</summary>
internal sealed record BalanceView(
    string WalletId, string Asset, string Chain, string Balance, string DisplayBalance, string EstimatedBalance,
    string EstimatedBalanceCurrencyCode,
    DateTimeOffset UpdatedAt);
