using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>A store that takes or pays out cash (docs/oms-api.md 6). Short-lived: fetch it right before using it.</summary>
public sealed record CashLocation : IOmsResource
{
    /// <summary>Opaque id (<c>loc_…</c>).</summary>
    [JsonConverter(typeof(RequiredIdConverter))]
    public required string Id { get; init; }

    /// <summary>Opaque reference that a cash-in wants besides the id.</summary>
    [JsonConverter(typeof(TextConverter))]
    public required string LocationReference { get; init; }

    /// <summary>The cash network, such as <c>greendot</c>.</summary>
    [JsonConverter(typeof(LenientWord))]
    public string? Provider { get; init; }

    /// <summary>Name of the store.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? Name { get; init; }

    /// <summary>Street and number.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? Address { get; init; }

    /// <summary>City.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? City { get; init; }

    /// <summary>State or region.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? State { get; init; }

    /// <summary>Postal code.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? ZipCode { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    [JsonConverter(typeof(LenientWord))]
    public string? Country { get; init; }

    /// <summary>Where it stands.</summary>
    [JsonConverter(typeof(LenientCoordinates))]
    public Coordinates? Coordinates { get; init; }

    /// <summary>Distance from the point asked for; a smaller one is nearer, the unit is OMS's.</summary>
    [JsonConverter(typeof(LenientNumber))]
    public decimal? Distance { get; init; }

    /// <summary>The unit of the distance, such as <c>mi</c>.</summary>
    [JsonConverter(typeof(LenientWord))]
    public string? DistanceUnit { get; init; }

    /// <summary>How much one deposit may be; null when OMS does not say.</summary>
    [JsonConverter(typeof(LenientLimits))]
    public DepositLimits? Limits { get; init; }

    /// <summary>When it is open, in whatever form OMS says it; only passed on.</summary>
    [JsonPropertyName("openingHours"), JsonConverter(typeof(LenientJson))]
    public JsonNode? Opening { get; init; }

    [JsonInclude, JsonPropertyName("hours"), JsonConverter(typeof(LenientJson))]
    internal JsonNode? Hours { get => null; init => Opening ??= value; }

    string? IOmsResource.Doubt() => LocationReference is null ? "a location has a reference" : null;
}

/// <summary>A point on earth.</summary>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
public sealed record Coordinates(decimal Latitude, decimal Longitude);

/// <summary>How much one deposit may be, in USD (docs/oms-api.md 7.4).</summary>
/// <param name="Minimum">The least that is taken.</param>
/// <param name="Maximum">The most that is taken.</param>
public sealed record DepositLimits(decimal? Minimum, decimal? Maximum)
{
    /// <summary>Whether an amount is within the limits; what is not said limits nothing.</summary>
    public bool Allow(decimal amount) => amount >= (Minimum ?? amount) && amount <= (Maximum ?? amount);
}

/// <summary>What <c>GET /cash-locations</c> is asked for (docs/oms-api.md 6).</summary>
/// <param name="Provider">Cash network, such as <c>greendot</c>.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
public sealed record CashLocationQuery(string Provider, decimal Latitude, decimal Longitude)
{
    /// <summary>Which way the money goes.</summary>
    public CashFlow Flow { get; init; }

    /// <summary>How many locations at most; OMS's own default when null.</summary>
    public int? Limit { get; init; }
}

/// <summary>Which way money goes at a store.</summary>
public enum CashFlow
{
    /// <summary>A person pays in.</summary>
    CashIn = 0,

    /// <summary>A person collects.</summary>
    CashOut,
}
