using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>A wallet: one asset on one chain, kept by OMS for a customer (docs/oms-api.md 5). Usable as soon as it is created.</summary>
public sealed record Wallet
{
    /// <summary>Opaque id (<c>wlt_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>Whose wallet it is.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Address on the chain.</summary>
    public string? Address { get; init; }

    /// <summary>Asset code, such as <c>usdc</c>.</summary>
    public string? Asset { get; init; }

    /// <summary>Chain code, such as <c>polygon</c>; some answers say <c>network</c>.</summary>
    public string? Chain { get; init; }

    /// <summary>Whether it can be used.</summary>
    [JsonIgnore]
    public WalletStatus Status
    {
        get => WireNames<WalletStatus>.Parse(StatusText);
        init => StatusText = WireNames<WalletStatus>.Of(value);
    }

    /// <summary>The status as OMS wrote it.</summary>
    [JsonPropertyName("status")]
    public string? StatusText { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    [JsonInclude, JsonPropertyName("network")]
    internal string? Network { get => null; init => Chain ??= value; }
}

/// <summary>States of a wallet (docs/oms-api.md 5).</summary>
public enum WalletStatus
{
    /// <summary>A value this client does not know.</summary>
    Unknown = 0,

    /// <summary>Usable.</summary>
    Active,

    /// <summary>Blocked for now.</summary>
    Suspended,

    /// <summary>Closed for good.</summary>
    Closed,
}

/// <summary>Body of <c>POST /customers/{id}/wallets</c> (docs/oms-api.md 5).</summary>
/// <param name="Asset">Asset code, such as <c>usdc</c>.</param>
/// <param name="Chain">Chain code, such as <c>polygon</c>.</param>
public sealed record WalletRequest(string Asset, string Chain);
