using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// A customer as OMS answers it (docs/oms-api.md 4.2). Names, e-mail address and phone number come back too and are deliberately not read:
/// no journey needs them, and what is not in memory cannot leak.
/// </summary>
public sealed record Customer
{
    /// <summary>Opaque id (<c>cst_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>The caller's own id for this person, as sent at creation.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Whether the customer may start new transactions.</summary>
    [JsonIgnore]
    public CustomerStatus Status
    {
        get => WireNames<CustomerStatus>.Parse(StatusText);
        init => StatusText = WireNames<CustomerStatus>.Of(value);
    }

    /// <summary>The status as OMS wrote it; says more than <see cref="Status"/> when that is <c>Unknown</c>.</summary>
    [JsonPropertyName("status")]
    public string? StatusText { get; init; }

    /// <summary>What was asked for and how far its review is; empty when nothing was.</summary>
    public IReadOnlyList<Endorsement> Endorsements { get => field ?? []; init; }

    /// <summary>The customer's wallets in the short form of docs/oms-api.md 4.2.</summary>
    public IReadOnlyList<CustomerWallet> Wallets { get => field ?? []; init; }

    /// <summary>Free text pairs given at creation.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>When the customer was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When anything about the customer last changed, where OMS says so.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>
    /// The state of one endorsement; <see cref="EndorsementStatus.Inactive"/> when it was never asked for (docs/oms-api.md 4.3).
    /// </summary>
    public EndorsementStatus StatusOf(string endorsement)
        => Endorsements.FirstOrDefault(e => e.Name == endorsement)?.Status ?? EndorsementStatus.Inactive;
}

/// <summary>Whether a customer may start new transactions (docs/oms-api.md 4.2).</summary>
public enum CustomerStatus
{
    /// <summary>A value this client does not know.</summary>
    Unknown = 0,

    /// <summary>May transact.</summary>
    Active,

    /// <summary>May not start new transactions.</summary>
    Inactive,
}

/// <summary>
/// A wallet in the short form that stands inside a customer (docs/oms-api.md 4.2); note <c>network</c> here, <c>chain</c> on the wallet
/// itself.
/// </summary>
public sealed record CustomerWallet
{
    /// <summary>Opaque id (<c>wlt_…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>Address on the chain.</summary>
    public string? Address { get; init; }

    /// <summary>Asset code, such as <c>usdc</c>.</summary>
    public string? Asset { get; init; }

    /// <summary>Network code, such as <c>polygon</c>.</summary>
    public string? Network { get; init; }

    /// <summary>Balance in units of the asset.</summary>
    public decimal? Balance { get; init; }
}
