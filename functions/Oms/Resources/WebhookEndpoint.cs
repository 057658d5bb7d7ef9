using System.Text.Json.Serialization;

namespace OmsWorkflows.Oms;

/// <summary>A registered webhook endpoint (docs/oms-api.md 9.1). Prints without its secret.</summary>
public sealed record WebhookEndpoint : IOmsResource
{
    /// <summary>Opaque id (<c>whk_…</c>).</summary>
    [JsonConverter(typeof(RequiredIdConverter))]
    public required string Id { get; init; }

    /// <summary>Where deliveries go.</summary>
    [JsonConverter(typeof(LenientText))]
    public string? Url { get; init; }

    /// <summary>Which events; none means all but the compliance ones.</summary>
    [JsonConverter(typeof(LenientTexts))]
    public IReadOnlyList<string> Events { get => field ?? []; init; }

    /// <summary>Whether deliveries are made.</summary>
    [JsonRequired]
    public bool Enabled { get; init; }

    /// <summary>Whether OMS thinks the endpoint healthy.</summary>
    [JsonIgnore]
    public WebhookStatus Status
    {
        get => WireNames<WebhookStatus>.Parse(StatusText);
        init => StatusText = WireNames<WebhookStatus>.Of(value);
    }

    /// <summary>The status as OMS wrote it.</summary>
    [JsonPropertyName("status"), JsonConverter(typeof(LenientWord))]
    public string? StatusText { get; init; }

    /// <summary>Signing secret (<c>whsec_…</c>): only in the answer to the creation, this one time.</summary>
    [JsonConverter(typeof(IdConverter))]
    public string? Secret { get; init; }

    /// <summary>When it was registered.</summary>
    [JsonConverter(typeof(LenientTime))]
    public DateTimeOffset? CreatedAt { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(WebhookEndpoint)} {Id}";
}

/// <summary>States of a webhook endpoint (docs/oms-api.md 9.1).</summary>
public enum WebhookStatus
{
    /// <summary>A value this client does not know.</summary>
    Unknown = 0,

    /// <summary>Deliveries are made.</summary>
    Active,

    /// <summary>Deliveries are paused; what happens meanwhile is not sent later.</summary>
    Disabled,
}

/// <summary>Body of <c>POST /webhooks</c> (docs/oms-api.md 9.1).</summary>
public sealed record WebhookRequest
{
    /// <summary>Where deliveries go; https, or loopback with the sandbox.</summary>
    public required string Url { get; init; }

    /// <summary>Exact event names; none means all but the compliance ones.</summary>
    public IReadOnlyList<string>? Events { get; init; }
}

/// <summary>Body of <c>PATCH /webhooks/{id}</c> (docs/oms-api.md 9.1): only what changes.</summary>
public sealed record WebhookUpdate
{
    /// <summary>Where deliveries go.</summary>
    public string? Url { get; init; }

    /// <summary>Exact event names.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>False pauses deliveries, true resumes them.</summary>
    public bool? Enabled { get; init; }
}
