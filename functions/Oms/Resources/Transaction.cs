using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>A movement of money (docs/oms-api.md 8).</summary>
public sealed record Transaction : IOmsResource
{
    /// <summary>Opaque id (<c>txn_…</c>).</summary>
    [JsonConverter(typeof(RequiredIdConverter))]
    public required string Id { get; init; }

    /// <summary><c>fiatToCrypto</c>, <c>cryptoToFiat</c> or <c>cryptoToCrypto</c>.</summary>
    [JsonConverter(typeof(WordConverter))]
    public string? Type { get; init; }

    /// <summary>How far it is.</summary>
    [JsonIgnore]
    public TransactionStatus Status
    {
        get => WireNames<TransactionStatus>.Parse(StatusText);
        init => StatusText = WireNames<TransactionStatus>.Of(value);
    }

    /// <summary>The status as OMS wrote it; says more than <see cref="Status"/> when that is <c>Unknown</c>.</summary>
    [JsonRequired, JsonPropertyName("status"), JsonConverter(typeof(StateConverter))]
    public string? StatusText { get; init; }

    /// <summary>To show, never to branch on (docs/oms-api.md 8).</summary>
    [JsonConverter(typeof(LenientWord))]
    public string? SubStatus { get; init; }

    /// <summary>The cash-in it settles, if any.</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? CashInId { get; init; }

    /// <summary>The virtual account that a bank transfer came in by, if OMS says it.</summary>
    [JsonConverter(typeof(LenientId))]
    public string? VirtualAccountId { get; init; }

    /// <summary>How a bank transfer came in, such as <c>ach</c> or <c>wire</c>; only shown.</summary>
    [JsonConverter(typeof(LenientWord))]
    public string? PaymentRail { get; init; }

    /// <summary>The quote it accepted, if any.</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? QuoteId { get; init; }

    /// <summary>Who sends.</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? SenderCustomerId { get; init; }

    /// <summary>Who receives.</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? RecipientCustomerId { get; init; }

    /// <summary>What goes in.</summary>
    public PricedSide? Source { get; init; }

    /// <summary>What comes out; <see cref="MoneySide.AmountNet"/> of a completed transaction is what is booked.</summary>
    public PricedSide? Destination { get; init; }

    /// <summary>Cash that lies ready at a store; null unless it does.</summary>
    [JsonConverter(typeof(LenientPickup))]
    public CashPickup? CashPickup { get; init; }

    /// <summary>Why it failed; null unless it did.</summary>
    [JsonConverter(typeof(LenientError))]
    public TransactionError? Error { get; init; }

    /// <summary>Free text pairs.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>When it was created.</summary>
    [JsonConverter(typeof(LenientTime))]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    [JsonConverter(typeof(LenientTime))]
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>When it was completed; null until then.</summary>
    [JsonConverter(typeof(LenientTime))]
    public DateTimeOffset? CompletedAt { get; init; }

    string? IOmsResource.Doubt()
        => Status == TransactionStatus.Completed && Error?.Code is not null ? "a completed transaction has no error" : null;
}

/// <summary>States of a transaction (docs/oms-api.md 8).</summary>
public enum TransactionStatus
{
    /// <summary>A value this client does not know: still open and in need of a look, never success.</summary>
    Unknown = 0,

    /// <summary>Under way.</summary>
    Processing,

    /// <summary>Waits for somebody outside OMS (v0.11).</summary>
    AwaitingAction,

    /// <summary>Cash can be collected.</summary>
    CashPickupReady,

    /// <summary>Delivered. Final.</summary>
    Completed,

    /// <summary>Did not work. Final.</summary>
    Failed,
}

/// <summary>Cash that lies ready at a store (docs/oms-api.md 7.5, 8).</summary>
/// <param name="Code">Whoever shows it gets the cash: shown to who asks, never kept.</param>
/// <param name="ExpiresAt">Until when it lies ready.</param>
/// <param name="LocationName">Name of the store.</param>
/// <param name="LocationAddress">Address of the store.</param>
public sealed record CashPickup(string? Code, DateTimeOffset? ExpiresAt, string? LocationName, string? LocationAddress)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(CashPickup);
}

/// <summary>Why a transaction failed (docs/oms-api.md 3.3). OMS's message is not read: it may quote what was sent.</summary>
public sealed record TransactionError
{
    /// <summary>Machine-readable reason.</summary>
    public string? Code { get; init; }

    /// <summary>Whether OMS thinks it can be mended.</summary>
    public bool? Recoverable { get; init; }
}

/// <summary>Body of <c>POST /transactions</c>: accepts a quote (docs/oms-api.md 8).</summary>
public sealed record TransactionRequest
{
    /// <summary>The quote.</summary>
    public required string QuoteId { get; init; }

    /// <summary>Free text pairs.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
}

/// <summary>Filters of <c>GET /transactions</c>; newest first (docs/oms-api.md 3.2).</summary>
public sealed record TransactionQuery
{
    /// <summary>Only this customer's: reads <c>GET /customers/{id}/transactions</c>.</summary>
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
