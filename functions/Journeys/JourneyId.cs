using System.Security.Cryptography;
using System.Text;

namespace OmsWorkflows.Journeys;

/// <summary>
/// A journey's instance id: derived from the caller's <c>Idempotency-Key</c>, so that the same key is the same journey
/// (docs/decisions/0003-idempotency-keys.md).
/// </summary>
public static class JourneyId
{
    private const string MetadataKey = "workflowId";
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>Derives the id.</summary>
    /// <param name="prefix">The kind of journey, such as <c>ci</c>.</param>
    public static string From(string prefix, string idempotencyKey)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{prefix}\n{idempotencyKey}"));
        var id = new StringBuilder(prefix).Append('-');
        for (var bit = 0; bit + 5 <= 130; bit += 5)
        {
            var word = (hash[bit / 8] << 8) | hash[(bit / 8) + 1];
            id.Append(Alphabet[(word >> (11 - (bit % 8))) & 31]);
        }

        return id.ToString();
    }

    /// <summary>
    /// The metadata a journey puts on what it makes at OMS, by which a resource is found again after a lost answer
    /// (docs/decisions/0003-idempotency-keys.md).
    /// </summary>
    public static IReadOnlyDictionary<string, string> ToMetadata(string instanceId)
        => new Dictionary<string, string> { [MetadataKey] = instanceId };

    /// <summary>Whether a resource at OMS was made by this journey.</summary>
    public static bool IsMadeBy(string instanceId, IReadOnlyDictionary<string, string>? metadata) => MakerOf(metadata) == instanceId;

    /// <summary>The journey that made a resource at OMS; null when no journey of this app did.</summary>
    public static string? MakerOf(IReadOnlyDictionary<string, string>? metadata)
        => metadata?.GetValueOrDefault(MetadataKey) is { Length: > 0 } maker ? maker : null;
}
