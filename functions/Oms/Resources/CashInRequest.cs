namespace OmsWorkflows.Oms;

/// <summary>Body of <c>POST /cash-ins</c> (docs/oms-api.md 7.1).</summary>
public sealed record CashInRequest
{
    /// <summary>Who pays in; <c>basic</c> and <c>usd</c> must be active.</summary>
    public required string CustomerId { get; init; }

    /// <summary>The cash.</summary>
    public required CashInSource Source { get; init; }

    /// <summary>Where the stablecoin goes.</summary>
    public required CashInDestination Destination { get; init; }

    /// <summary>The store.</summary>
    public required CashPlace Cash { get; init; }

    /// <summary>
    /// Free text pairs; put the journey's id here, it is how a cash-in is found again after a lost answer (docs/oms-api.md 12).
    /// </summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>The cash of a new cash-in.</summary>
public sealed record CashInSource
{
    /// <summary>Asset code.</summary>
    public string Asset { get; init; } = "usd";

    /// <summary>What the person means to pay in, US dollars; only for the estimate.</summary>
    public decimal? IndicatedAmount { get; init; }
}

/// <summary>Where the stablecoin of a new cash-in goes.</summary>
public sealed record CashInDestination
{
    /// <summary>The wallet; exactly one member set.</summary>
    public required WalletTarget Wallet { get; init; }

    /// <summary>Asset code.</summary>
    public string Asset { get; init; } = "usdc";

    /// <summary>Network code.</summary>
    public string Network { get; init; } = "polygon";
}

/// <summary>Filters of <c>GET /cash-ins</c>; newest first (docs/oms-api.md 3.2, 7).</summary>
public sealed record CashInQuery
{
    /// <summary>Only this customer's. OMS may not know the filter: check the answer.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Created at or after.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Created at or before.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>Cursor of the page before (<see cref="OmsPage{T}.NextCursor"/>).</summary>
    public string? StartingAfter { get; init; }

    /// <summary>Page size, at most 100; OMS's default is 50.</summary>
    public int? Limit { get; init; }
}
