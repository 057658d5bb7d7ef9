using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>
/// A customer as OMS answers it (docs/oms-api.md 4.2). Names, e-mail address and phone number come back too and are deliberately not read:
/// no journey needs them, and what is not in memory cannot leak.
/// </summary>
public sealed record Customer : IOmsResource
{
    /// <summary>Opaque id (<c>cst_…</c>).</summary>
    [JsonConverter(typeof(RequiredIdConverter))]
    public required string Id { get; init; }

    /// <summary>The caller's own id for this person, as sent at creation.</summary>
    [JsonConverter(typeof(TextConverter))]
    public string? ExternalId { get; init; }

    /// <summary>What was asked for and how far its review is; empty when nothing was.</summary>
    [JsonRequired, JsonConverter(typeof(EndorsementsConverter))]
    public IReadOnlyList<Endorsement> Endorsements { get; init; } = [];

    /// <summary>Free text pairs given at creation.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>
    /// The state of one endorsement; <see cref="EndorsementStatus.Inactive"/> when it was never asked for (docs/oms-api.md 4.3).
    /// </summary>
    public EndorsementStatus StatusOf(string endorsement)
        => Endorsements.FirstOrDefault(each => Word.Same(each.Name, endorsement))?.Status ?? EndorsementStatus.Inactive;
}
