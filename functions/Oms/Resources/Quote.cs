using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>The price of a send or payout, for a short while (docs/oms-api.md 8).</summary>
public sealed record Quote : IOmsResource
{
    /// <summary>Opaque id (<c>qt_…</c>).</summary>
    [JsonConverter(typeof(RequiredIdConverter))]
    public required string Id { get; init; }

    /// <summary>Whether it can still be accepted.</summary>
    [JsonIgnore]
    public QuoteStatus Status
    {
        get => WireNames<QuoteStatus>.Parse(StatusText);
        init => StatusText = WireNames<QuoteStatus>.Of(value);
    }

    /// <summary>The status as OMS wrote it.</summary>
    [JsonRequired, JsonPropertyName("status"), JsonConverter(typeof(StateConverter))]
    public string? StatusText { get; init; }

    /// <summary>Who pays.</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? CustomerId { get; init; }

    /// <summary>What goes in.</summary>
    public PricedSide? Source { get; init; }

    /// <summary>What comes out.</summary>
    public PricedSide? Destination { get; init; }

    /// <summary>Exchange rates; only shown.</summary>
    [JsonConverter(typeof(LenientRates))]
    public Rates? Rates { get; init; }

    /// <summary>When it was made.</summary>
    [JsonConverter(typeof(LenientTime))]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Until when it can be accepted.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>States of a quote (docs/oms-api.md 8).</summary>
public enum QuoteStatus
{
    /// <summary>A value this client does not know.</summary>
    Unknown = 0,

    /// <summary>Can be accepted.</summary>
    Open,

    /// <summary>A transaction was made from it.</summary>
    Accepted,

    /// <summary>Too late.</summary>
    Expired,
}

/// <summary>Body of <c>POST /quotes</c> (docs/oms-api.md 8): exactly one side has an amount.</summary>
public sealed record QuoteRequest
{
    /// <summary>Who pays.</summary>
    public required string CustomerId { get; init; }

    /// <summary>The wallet the money comes from.</summary>
    public required QuoteSource Source { get; init; }

    /// <summary>Where it goes.</summary>
    public required QuoteDestination Destination { get; init; }

    /// <summary>Whether OMS pays the network fee.</summary>
    public bool? SponsorGas { get; init; }

    /// <summary>Free text pairs.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>The paying side of a quote.</summary>
public sealed record QuoteSource
{
    /// <summary>The wallet (<c>wlt_…</c>).</summary>
    public required string WalletId { get; init; }

    /// <summary>Asset code.</summary>
    public string Asset { get; init; } = "usdc";

    /// <summary>Network code.</summary>
    public string Network { get; init; } = "polygon";

    /// <summary>What goes in; null when the destination has an amount.</summary>
    public decimal? Amount { get; init; }
}

/// <summary>The receiving side of a quote.</summary>
public sealed record QuoteDestination
{
    /// <summary>Asset code.</summary>
    public required string Asset { get; init; }

    /// <summary>Network code.</summary>
    public required string Network { get; init; }

    /// <summary>What comes out; null when the source has an amount.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Where it goes, exactly one member set; null when it is paid out as cash.</summary>
    public WalletTarget? Wallet { get; init; }

    /// <summary>The store that pays it out as cash; null otherwise.</summary>
    public CashPlace? Cash { get; init; }
}
