using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// One side of a cash-in, a quote or a transaction: what goes in or comes out, in units of <see cref="Asset"/>. On a cash-in the amounts
/// are estimates until cash was paid in (docs/oms-api.md 7.2).
/// </summary>
public sealed record MoneySide
{
    /// <summary>Asset code, such as <c>usd</c> or <c>usdc</c>.</summary>
    public string? Asset { get; init; }

    /// <summary>Network code, such as <c>cash</c> or <c>polygon</c>.</summary>
    public string? Network { get; init; }

    /// <summary>What the person said they would pay in; a hint for the estimate only.</summary>
    public decimal? IndicatedAmount { get; init; }

    /// <summary>What was really paid in; null until then.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Before fees.</summary>
    public decimal? AmountGross { get; init; }

    /// <summary>After fees: on the destination of a completed transaction, what is booked (docs/oms-api.md 12.7).</summary>
    public decimal? AmountNet { get; init; }

    /// <summary>Fees taken on this side.</summary>
    public Fees? FeesDeducted { get; init; }

    /// <summary>Wallet the money comes from (quotes and transactions).</summary>
    public string? WalletId { get; init; }

    /// <summary>Where the money goes.</summary>
    public WalletTarget? Wallet { get; init; }

    /// <summary>Hash of the transfer on the chain, once it was sent.</summary>
    public string? TxHash { get; init; }
}

/// <summary>Fees, in units of the asset of their side (docs/oms-api.md 7.2).</summary>
public sealed record Fees
{
    /// <summary>Sum of the others.</summary>
    public decimal? Total { get; init; }

    /// <summary>The caller's own fee.</summary>
    public decimal? Developer { get; init; }

    /// <summary>OMS's fee.</summary>
    public decimal? Oms { get; init; }

    /// <summary>Network fee.</summary>
    public decimal? Gas { get; init; }
}

/// <summary>Exchange rates of a cash-in, a quote or a transaction (docs/oms-api.md 7.2).</summary>
public sealed record Rates
{
    /// <summary>Which pair, such as <c>usd/usdc</c>.</summary>
    public string? Pair { get; init; }

    /// <summary>Rate without fees.</summary>
    public decimal? ExchangeRate { get; init; }

    /// <summary>Rate with fees.</summary>
    public decimal? EffectiveRate { get; init; }
}

/// <summary>
/// Where money goes: exactly one member is set when sent (docs/oms-api.md 7.1). Older member names are read, never written
/// (docs/oms-api.md 13).
/// </summary>
public sealed record WalletTarget
{
    /// <summary>A wallet kept by OMS (<c>wlt_…</c>).</summary>
    public string? Id { get; init; }

    /// <summary>An address on the chain.</summary>
    public string? BlockchainAddress { get; init; }

    /// <summary>A saved external account.</summary>
    public string? ExternalAccount { get; init; }

    [JsonInclude, JsonPropertyName("walletId")]
    internal string? WalletId { get => null; init => Id ??= value; }

    [JsonInclude, JsonPropertyName("wallet")]
    internal string? Wallet { get => null; init => Id ??= value; }

    [JsonInclude, JsonPropertyName("externalAccountId")]
    internal string? ExternalAccountId { get => null; init => ExternalAccount ??= value; }
}
