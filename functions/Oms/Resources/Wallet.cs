using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>A wallet: one asset on one chain, kept by OMS for a customer (docs/oms-api.md 5). Usable as soon as it is created.</summary>
public sealed record Wallet : IOmsResource
{
    /// <summary>Opaque id (<c>wlt_…</c>).</summary>
    [JsonConverter(typeof(RequiredIdConverter))]
    public required string Id { get; init; }

    /// <summary>Whose wallet it is.</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? CustomerId { get; init; }

    /// <summary>Address on the chain.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? Address { get; init; }

    /// <summary>Asset code, such as <c>usdc</c>, as OMS spells it: compare with <see cref="Holds"/>.</summary>
    [JsonRequired, JsonConverter(typeof(WordConverter))]
    public string? Asset { get; init; }

    /// <summary>
    /// Chain code, such as <c>polygon</c>, as OMS spells it: compare with <see cref="Holds"/>. Some answers say <c>network</c>.
    /// </summary>
    [JsonConverter(typeof(WordConverter))]
    public string? Chain { get; init; }

    /// <summary>Whether it can be used.</summary>
    [JsonIgnore]
    public WalletStatus Status
    {
        get => WireNames<WalletStatus>.Parse(StatusText);
        init => StatusText = WireNames<WalletStatus>.Of(value);
    }

    /// <summary>The status as OMS wrote it.</summary>
    [JsonRequired, JsonPropertyName("status"), JsonConverter(typeof(StateConverter))]
    public string? StatusText { get; init; }

    [JsonInclude, JsonPropertyName("network"), JsonConverter(typeof(WordConverter))]
    internal string? Network { get => null; init => Chain ??= value; }

    /// <summary>Whether it holds this asset on this chain, however OMS spells them (<see cref="Word"/>).</summary>
    public bool Holds(string asset, string chain) => Word.Same(Asset, asset) && Word.Same(Chain, chain);

    /// <summary>One that does not say what it holds would be passed over, and a second one made.</summary>
    string? IOmsResource.Doubt() => Asset is null || Chain is null ? "a wallet has an asset and a chain" : null;
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
