using System.Text.Json.Serialization;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Webhooks;

/// <summary>A registered receiver (docs/oms-api.md 9.1).</summary>
internal sealed class WebhookEndpoint(string id, string secret, DateTimeOffset createdAt) : IListed
{
    public string Id => id;

    public string Secret => secret;

    public required Uri Url { get; set; }

    public required IReadOnlyList<string> Events { get; set; }

    public bool Enabled { get; set; } = true;

    /// <summary>Gets <c>underReview</c> events too; only OMS itself can set it.</summary>
    public bool ComplianceOnly { get; set; }

    public DateTimeOffset CreatedAt => createdAt;

    public bool Wants(string name)
    {
        var compliance = name.EndsWith(".underReview", StringComparison.Ordinal);
        if (compliance && !ComplianceOnly)
            return false;
        return Events.Count == 0 || Events.Any(pattern => EventPattern.Matches(pattern, name));
    }

    public WebhookView View(bool withSecret = false)
        => new(
            Id, "webhook", Url.OriginalString, Events, Enabled, Enabled ? "active" : "disabled", ComplianceOnly, CreatedAt,
            withSecret ? Secret : null);
}

/// <summary>The webhook object; the secret only in the answer that creates it.</summary>
internal sealed record WebhookView(
    string Id, string Object, string Url, IReadOnlyList<string> Events, bool Enabled, string Status, bool ComplianceOnly,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret);

/// <summary>Patterns in <c>events</c>: <c>*</c> is one segment, at the end one or more.</summary>
internal static class EventPattern
{
    public static bool Matches(string pattern, string name)
    {
        var (wanted, given) = (pattern.Split('.'), name.Split('.'));
        if (wanted[^1] == "*" ? given.Length < wanted.Length : given.Length != wanted.Length)
            return false;
        return wanted.Zip(given).All(pair => pair.First == "*" || pair.First == pair.Second);
    }
}
