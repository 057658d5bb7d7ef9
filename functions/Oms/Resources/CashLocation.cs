using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>A store that takes cash (docs/oms-api.md 6). Short-lived: fetch it right before creating the cash-in.</summary>
public sealed record CashLocation : IOmsResource
{
    /// <summary>Opaque id (<c>loc_…</c>).</summary>
    [JsonConverter(typeof(RequiredIdConverter))]
    public required string Id { get; init; }

    /// <summary>Opaque reference that a cash-in wants besides the id.</summary>
    [JsonConverter(typeof(TextConverter))]
    public required string LocationReference { get; init; }

    /// <summary>Distance from the point asked for; a smaller one is nearer, the unit is OMS's.</summary>
    [JsonConverter(typeof(LenientNumber))]
    public decimal? Distance { get; init; }

    string? IOmsResource.Doubt() => LocationReference is null ? "a location has a reference" : null;
}

/// <summary>What <c>GET /cash-locations</c> is asked for (docs/oms-api.md 6).</summary>
/// <param name="Provider">Cash network, such as <c>greendot</c>.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
public sealed record CashLocationQuery(string Provider, decimal Latitude, decimal Longitude)
{
    /// <summary>How many locations at most; OMS's own default when null.</summary>
    public int? Limit { get; init; }
}
