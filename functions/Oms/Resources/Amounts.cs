using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// One side of a cash-in: what goes in or comes out, in units of <see cref="Asset"/>. The amounts are estimates until cash was paid in
/// (docs/oms-api.md 7.2).
/// </summary>
public record MoneySide
{
    /// <summary>Asset code, such as <c>usd</c> or <c>usdc</c>, as OMS spells it: compare with <see cref="IsIn"/>.</summary>
    [JsonConverter(typeof(WordConverter))]
    public string? Asset { get; init; }

    /// <summary>Network code, such as <c>cash</c> or <c>polygon</c>, as OMS spells it: compare with <see cref="IsIn"/>.</summary>
    [JsonConverter(typeof(WordConverter))]
    public string? Network { get; init; }

    /// <summary>What the person said they would pay in; a hint for the estimate only.</summary>
    public decimal? IndicatedAmount { get; init; }

    /// <summary>What was really paid in; null until then.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Before fees. May be anything OMS wrote, also negative: compare before believing it.</summary>
    public decimal? AmountGross { get; init; }

    /// <summary>
    /// After fees: on the destination of a completed transaction, what is booked (docs/oms-api.md 12). Compare before believing it.
    /// </summary>
    public decimal? AmountNet { get; init; }

    /// <summary>Wallet the money comes from (quotes and transactions).</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? WalletId { get; init; }

    /// <summary>Where the money goes.</summary>
    public WalletTarget? Wallet { get; init; }

    /// <summary>Whether this side is in this asset on this network, however OMS spells them (<see cref="Word"/>).</summary>
    public bool IsIn(string asset, string network) => Word.Same(Asset, asset) && Word.Same(Network, network);
}

/// <summary>One side of a quote or a transaction (docs/oms-api.md 8).</summary>
public sealed record PricedSide : MoneySide
{
    /// <summary>Fees taken on this side.</summary>
    public Fees? FeesDeducted { get; init; }

    /// <summary>Hash of the transfer on the chain, once it was sent.</summary>
    [JsonConverter(typeof(LenientId))]
    public string? TxHash { get; init; }
}

/// <summary>Fees, in units of the asset of their side (docs/oms-api.md 7.2).</summary>
public sealed record Fees
{
    /// <summary>All of them.</summary>
    public decimal? Total { get; init; }
}

/// <summary>Exchange rates of a quote (docs/oms-api.md 7.2); only shown.</summary>
public sealed record Rates
{
    /// <summary>Rate with fees.</summary>
    public decimal? EffectiveRate { get; init; }
}

/// <summary>
/// Where money goes: exactly one member is set when sent (docs/oms-api.md 7.1). Older member names are read, never written.
/// </summary>
public sealed record WalletTarget
{
    /// <summary>A wallet kept by OMS (<c>wlt_…</c>).</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? Id { get; init; }

    /// <summary>An address on the chain.</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? BlockchainAddress { get; init; }

    /// <summary>A saved external account.</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? ExternalAccount { get; init; }

    [JsonInclude, JsonPropertyName("walletId"), JsonConverter(typeof(IdConverter))]
    internal string? WalletId { get => null; init => Id ??= value; }

    [JsonInclude, JsonPropertyName("wallet"), JsonConverter(typeof(IdConverter))]
    internal string? Wallet { get => null; init => Id ??= value; }

    [JsonInclude, JsonPropertyName("externalAccountId"), JsonConverter(typeof(IdConverter))]
    internal string? ExternalAccountId { get => null; init => ExternalAccount ??= value; }
}
