using System.Globalization;
using System.Text.Json;

namespace OmsWorkflows.Webhooks;

/// <summary>Reads what the app keeps of a delivery (OMS API 9.2): ids, status and times. The rest, personal data included, is not even read.</summary>
internal static class WebhookEnvelope
{
    private const int MaxDepth = 32;
    private const int MaxIdLength = 256;
    private const int MaxNameLength = 128;
    private const int MaxStatusLength = 64;

    /// <summary>Times before this cannot be stored.</summary>
    private static readonly DateTimeOffset _firstTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Null when the body is not an event: not a JSON object, too deep, without an id or a name.</summary>
    public static InboxEvent? Read(ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return json.RootElement.ValueKind == JsonValueKind.Object ? Read(json.RootElement, receivedAt) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static InboxEvent? Read(JsonElement envelope, DateTimeOffset receivedAt)
    {
        var name = Text(envelope, "event") ?? Text(envelope, "eventType") ?? Text(envelope, "type");
        if (Id(envelope, "id") is not { } deliveryId || name is null) return null;
        name = Cut(name, MaxNameLength);
        var data = envelope.TryGetProperty("data", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        var status = Text(data, "status") is { } text ? Cut(text, MaxStatusLength) : null;
        var meaning = EventNames.Of(name, status);
        var subject = meaning.Subject == Subject.Unknown ? OfObject(Text(data, "object")) : meaning.Subject;

        var id = Id(data, "id");
        var cashInId = subject == Subject.CashIn ? id : Id(data, "cashInId");
        var transactionId = subject == Subject.Transaction ? id : Id(data, "transactionId") ?? Id(data, "transaction");
        var customerId = Id(data, "customerId") ?? (subject == Subject.Customer ? id : Id(data, "recipientCustomerId") ?? Id(data, "senderCustomerId"));
        return new InboxEvent
        {
            Signal = new Signal
            {
                DeliveryId = deliveryId,
                Event = meaning.Event,
                ResourceId = cashInId ?? transactionId ?? customerId ?? id ?? deliveryId,
                CashInId = cashInId,
                TransactionId = transactionId,
                CustomerId = customerId,
                Status = status,
                Sequence = Number(envelope, "sequence"),
                UpdatedAt = Time(data, "updatedAt") ?? Time(envelope, "occurredAt") ?? Time(envelope, "createdAt"),
            },
            Name = name,
            ReceivedAt = receivedAt,
            State = EventNames.ConcernsJourneys(meaning.Event) ? InboxState.Waiting : InboxState.Noted,
            Settles = meaning.Event == SignalEvent.CashInCompleted || (meaning.Event == SignalEvent.TransactionCompleted && MaySettleCash(name, data)),
        };
    }

    /// <summary>Only these add to what must be credited; of a transaction that does not say its type the ledger will ask OMS.</summary>
    private static bool MaySettleCash(string name, JsonElement data) =>
        Text(data, "type") is { } type ? type == "fiatToCrypto" : !name.Contains("cryptoTo", StringComparison.Ordinal);

    private static Subject OfObject(string? name) => name switch
    {
        "cashIn" => Subject.CashIn,
        "transaction" => Subject.Transaction,
        "customer" => Subject.Customer,
        _ => Subject.Other,
    };

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)
            ? text
            : null;

    /// <summary>An id too long to be one is none; cut, it would be another's.</summary>
    private static string? Id(JsonElement element, string name) => Text(element, name) is { Length: <= MaxIdLength } id ? id : null;

    private static long? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        DateTimeOffset.TryParse(Text(element, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time >= _firstTime
            ? time.ToUniversalTime()
            : null;

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
}
