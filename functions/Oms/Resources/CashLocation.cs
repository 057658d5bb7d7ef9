namespace OmsWorkflows.Oms;

/// <summary>A store that takes cash (docs/oms-api.md 6). Short-lived: fetch it right before creating the cash-in.</summary>
public sealed record CashLocation
{
    /// <summary>Opaque id (<c>loc_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>Opaque reference that a cash-in wants besides the id.</summary>
    public required string LocationReference { get; init; }

    /// <summary>Name of the store.</summary>
    public string? Name { get; init; }

    /// <summary>Street and number of the store.</summary>
    public string? Address { get; init; }

    /// <summary>City of the store.</summary>
    public string? City { get; init; }

    /// <summary>State of the store.</summary>
    public string? State { get; init; }

    /// <summary>Postal code of the store.</summary>
    public string? ZipCode { get; init; }

    /// <summary>Country of the store, ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>Cash network, such as <c>greendot</c>.</summary>
    public string? Provider { get; init; }

    /// <summary>Distance from the point asked for, in <see cref="DistanceUnit"/>.</summary>
    public decimal? Distance { get; init; }

    /// <summary>Unit of <see cref="Distance"/>, such as <c>mi</c>.</summary>
    public string? DistanceUnit { get; init; }
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
