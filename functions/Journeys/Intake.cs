using System.Text.Json.Serialization;
using Azure.Data.Tables;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Journeys;

/// <summary>
/// The row a journey starts from: written before anything else, first writer wins (docs/decisions/0003-idempotency-keys.md).
/// </summary>
public sealed record Intake
{
    /// <summary>The journey's instance id, derived from the caller's <c>Idempotency-Key</c>.</summary>
    public required string InstanceId { get; init; }

    /// <summary>The orchestration to start.</summary>
    public required string Orchestration { get; init; }

    /// <summary>
    /// SHA-256 of the request, to tell a repeated request from another one under the same key. Set when the intake is stored.
    /// </summary>
    public string RequestHash { get; init; } = "";

    /// <summary>The orchestration's input as JSON; no personal data.</summary>
    public required string Input { get; init; }

    /// <summary>When the request came (UTC). Set when the intake is stored.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Whether the orchestration was started.</summary>
    public IntakeState State { get; init; }

    /// <summary>The applicant; gone once the customer was created.</summary>
    public Sensitive<Applicant>? Applicant { get; init; }

    /// <summary>What the caller supplied after OMS asked for more; gone once it was sent.</summary>
    public Sensitive<Applicant>? Supplement { get; init; }

    /// <summary>
    /// Which command supplied it last; also the delivery id of its signal. What was sent is deleted only if nobody supplied more meanwhile.
    /// </summary>
    public string? SupplementId { get; init; }

    /// <summary>
    /// Nothing personal is put into the row any more: the journey needs none. Set by the write that deletes what there was.
    /// </summary>
    public bool Closed { get; init; }

    /// <summary>Near which place a store is wanted; gone once it was picked.</summary>
    public Sensitive<Place>? StoreNear { get; init; }

    /// <summary>The customer, once known.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The store, once picked or given: a retry has to send the same one.</summary>
    public string? LocationId { get; init; }

    /// <summary>OMS's reference of the store.</summary>
    public string? LocationReference { get; init; }

    /// <summary>Where that store stands, to look its reference up again once it has aged; nothing about the person.</summary>
    public Place? LocationPlace { get; init; }

    /// <summary>How often the reference was looked up again; part of the idempotency key, since the request is another one then.</summary>
    public long LocationRound { get; init; }

    /// <summary>
    /// When the cash-in was first asked for; after a day a key alone is not relied on (docs/decisions/0003-idempotency-keys.md).
    /// </summary>
    public DateTimeOffset? CashInRequestedAt { get; init; }

    /// <summary>
    /// The lists of the index that the journey stands in by what its person is known as, parted by blanks; they go when it goes.
    /// </summary>
    public string? FoundBy { get; init; }

    /// <summary>The row as it was read, columns included that this version does not know.</summary>
    internal TableEntity? Row { get; init; }

    /// <summary>The intake without what is personal, and closed to it for good.</summary>
    internal Intake WithoutPerson() => this with { Applicant = null, Supplement = null, StoreNear = null, Closed = true };
}

/// <summary>Whether an intake's orchestration was started.</summary>
[JsonConverter(typeof(KnownNamesConverter<IntakeState>))]
public enum IntakeState
{
    /// <summary>Stored, not yet started.</summary>
    Accepted = 0,

    /// <summary>Started.</summary>
    Started,

    /// <summary>One that a newer version wrote and this one does not know.</summary>
    Unknown,
}

/// <summary>A place on earth.</summary>
/// <param name="Provider">The cash network, such as <c>greendot</c>.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
public sealed record Place(string Provider, decimal Latitude, decimal Longitude)
{
    /// <inheritdoc/>
    public override string ToString() => nameof(Place);
}
