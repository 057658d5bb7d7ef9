using System.Text.Json;
using System.Text.Json.Serialization;
using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Webhooks;

/// <summary>The body of a webhook (docs/oms-api.md 9.2). The <c>*.statusChanged</c> events carry their name in <c>eventType</c>.</summary>
internal sealed record Envelope(
    string Id,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Event,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EventType,
    string EventId,
    DateTimeOffset CreatedAt,
    DateTimeOffset OccurredAt,
    int Sequence,
    object Data)
{
    public static byte[] Bytes(string id, string eventId, RaisedEvent raised, DateTimeOffset at)
    {
        var changed = raised.Name.EndsWith(".statusChanged", StringComparison.Ordinal);
        var envelope = new Envelope(
            id, changed ? null : raised.Name, changed ? raised.Name : null, eventId, at, at, raised.Sequence, raised.Data);
        return JsonSerializer.SerializeToUtf8Bytes(envelope, SandboxJson.Options);
    }
}
