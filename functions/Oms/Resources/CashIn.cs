using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// A cash-in: a deposit code for a store and what became of it (docs/oms-api.md 7.2). Members no journey needs are not read, the e-mail
/// address among them, so they may have any form.
/// </summary>
public sealed record CashIn : IOmsResource
{
    /// <summary>Opaque id (<c>ci_…</c>).</summary>
    [JsonConverter(typeof(RequiredIdConverter))]
    public required string Id { get; init; }

    /// <summary>Who pays in.</summary>
    [JsonConverter(typeof(IdConverter))]
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
    [JsonRequired, JsonPropertyName("status"), JsonConverter(typeof(StateConverter))]
    public string? StatusText { get; init; }

    /// <summary>Finer state (docs/oms-api.md 7.3): tells a refusal at the till from a failed conversion. Only shown.</summary>
    [JsonConverter(typeof(LenientWord))]
    public string? SubStatus { get; init; }

    /// <summary>The cash: US dollars.</summary>
    public MoneySide? Source { get; init; }

    /// <summary>
    /// What arrives: an estimate until <see cref="CashInStatus.Completed"/>. Book the transaction's amount, never this one.
    /// </summary>
    public MoneySide? Destination { get; init; }

    /// <summary>The code to show, and until when it is taken.</summary>
    [JsonConverter(typeof(LenientObject<DepositInstructions>))]
    public DepositInstructions? DepositInstructions { get; init; }

    /// <summary>The transaction that carries the money; null until cash was paid in.</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? TransactionId { get; init; }

    /// <summary>Free text pairs given at creation.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    [JsonInclude, JsonPropertyName("transaction"), JsonConverter(typeof(IdConverter))]
    internal string? Transaction { get => null; init => TransactionId ??= value; }

    /// <summary>A code without an end would stop the journey's clock.</summary>
    string? IOmsResource.Doubt() => Status == CashInStatus.Pending && DepositInstructions is not { Code: not null, ExpiresAt: not null }
        ? "a pending cash-in has a code and its end"
        : null;
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
    [JsonConverter(typeof(LenientText))]
    public string? Code { get; init; }

    /// <summary>Until when the store takes it; the clock of the journey.</summary>
    [JsonConverter(typeof(LenientTime))]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Name of the store.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? LocationName { get; init; }

    /// <summary>Address of the store.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? LocationAddress { get; init; }
}

/// <summary>The store a cash-in is made for (docs/oms-api.md 7.1).</summary>
public sealed record CashPlace
{
    /// <summary>Id of the location (<c>loc_…</c>).</summary>
    public string? LocationId { get; init; }

    /// <summary>Opaque reference of the location.</summary>
    public string? LocationReference { get; init; }
}
