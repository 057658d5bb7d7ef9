using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// A cash-in: a deposit code for a store and what became of it (docs/oms-api.md 7.2). The e-mail address on it is not read.
/// </summary>
public sealed record CashIn
{
    /// <summary>Opaque id (<c>ci_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>Who pays in.</summary>
    public string? CustomerId { get; init; }

    /// <summary>
    /// How far it is. <see cref="CashInStatus.Expired"/> is not final: a refresh revives it, late cash too (docs/oms-api.md 7.3).
    /// </summary>
    [JsonIgnore]
    public CashInStatus Status
    {
        get => WireNames<CashInStatus>.Parse(StatusText);
        init => StatusText = WireNames<CashInStatus>.Of(value);
    }

    /// <summary>The status as OMS wrote it; says more than <see cref="Status"/> when that is <c>Unknown</c>.</summary>
    [JsonPropertyName("status")]
    public string? StatusText { get; init; }

    /// <summary>Finer state (docs/oms-api.md 7.3): tells a refusal at the till from a failed conversion.</summary>
    public string? SubStatus { get; init; }

    /// <summary>The cash: US dollars.</summary>
    public MoneySide? Source { get; init; }

    /// <summary>
    /// What arrives: an estimate until <see cref="CashInStatus.Completed"/>. Book the transaction's amount, never this one.
    /// </summary>
    public MoneySide? Destination { get; init; }

    /// <summary>All fees.</summary>
    public Fees? FeesDeducted { get; init; }

    /// <summary>Which store the code was made for.</summary>
    public CashPlace? Cash { get; init; }

    /// <summary>The code to show, and until when it is taken.</summary>
    public DepositInstructions? DepositInstructions { get; init; }

    /// <summary>Exchange rates.</summary>
    public Rates? Rates { get; init; }

    /// <summary>The transaction that carries the money; null until cash was paid in.</summary>
    public string? TransactionId { get; init; }

    /// <summary>Free text pairs given at creation.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When it was completed; null until then.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    [JsonInclude, JsonPropertyName("transaction")]
    internal string? Transaction { get => null; init => TransactionId ??= value; }
}

/// <summary>States of a cash-in (docs/oms-api.md 7.3).</summary>
public enum CashInStatus
{
    /// <summary>A value this client does not know: still open, never success.</summary>
    Unknown = 0,

    /// <summary>Code made, no cash yet.</summary>
    Pending,

    /// <summary>Cash paid in, conversion running.</summary>
    Processing,

    /// <summary>Converted and delivered. Final.</summary>
    Completed,

    /// <summary>Deposit or conversion did not work. Final.</summary>
    Failed,

    /// <summary>The code ran out before any cash. Not final.</summary>
    Expired,
}

/// <summary>A deposit code (docs/oms-api.md 7.2).</summary>
public sealed record DepositInstructions
{
    /// <summary>Opaque text, shown as it is.</summary>
    public string? Code { get; init; }

    /// <summary>Until when the store takes it; the clock of the journey (docs/oms-api.md 7.3).</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Name of the store.</summary>
    public string? LocationName { get; init; }

    /// <summary>Address of the store.</summary>
    public string? LocationAddress { get; init; }
}

/// <summary>The store a cash-in is made for (docs/oms-api.md 7.1). Older member names are read, never written.</summary>
public sealed record CashPlace
{
    /// <summary>Id of the location (<c>loc_…</c>).</summary>
    public string? LocationId { get; init; }

    /// <summary>Opaque reference of the location.</summary>
    public string? LocationReference { get; init; }

    [JsonInclude, JsonPropertyName("cashLocationId")]
    internal string? CashLocationId { get => null; init => LocationId ??= value; }

    [JsonInclude, JsonPropertyName("cashLocationReference")]
    internal string? CashLocationReference { get => null; init => LocationReference ??= value; }
}
