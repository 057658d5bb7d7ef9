using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Webhooks;

/// <summary>
/// Reads what the app keeps of a delivery (docs/oms-api.md 9.2): ids, states and times. The rest, personal data included, is not even read.
/// Every body is an event: OMS signed it. One that says nothing this app understands is an unknown event, filed under the hash of its
/// bytes.
/// </summary>
internal static class WebhookEnvelope
{
    /// <summary>Name of an event that has none.</summary>
    public const string Unnamed = "unnamed";

    /// <summary>What journeys write into the metadata of what they make at OMS.</summary>
    private const string Maker = "workflowId";

    private const int MaxNameLength = 128;
    private const int HashLength = 32;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = WebhookBody.MaxBytes };

    /// <summary>Reads a signed body.</summary>
    public static InboxEvent Read(ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        // The same bytes again are the same delivery: OMS repeats a body unchanged (docs/oms-api.md 9.3).
        var hash = $"sha256-{Convert.ToHexStringLower(SHA256.HashData(body.Span))[..HashLength]}";
        try
        {
            using var json = JsonDocument.Parse(JsonBytes.Mend(body), Options);
            return Read(json.RootElement, hash, receivedAt);
        }
        catch (JsonException)
        {
            return Read(default, hash, receivedAt);
        }
    }

    private static InboxEvent Read(JsonElement envelope, string hash, DateTimeOffset receivedAt)
    {
        var deliveryId = Id(envelope, "id") ?? hash;
        var name = Name(envelope, "event") ?? Name(envelope, "eventType") ?? Name(envelope, "type") ?? Unnamed;
        var data = Member(envelope, "data");
        var status = Text(data, "status") is { } text && Word.IsOne(text) ? text : null;
        var meaning = EventNames.Of(name, status);
        var subject = meaning.Subject == Subject.Unknown ? OfObject(Text(data, "object")) : meaning.Subject;

        var id = Id(data, "id");
        var cashInId = subject == Subject.CashIn ? id : Id(data, "cashInId");
        var transactionId = subject == Subject.Transaction ? id : Id(data, "transactionId") ?? Id(data, "transaction");
        var customerId = Id(data, "customerId")
            ?? (subject == Subject.Customer ? id : Id(data, "recipientCustomerId") ?? Id(data, "senderCustomerId"));
        var isDeposit = IsDeposit(name, subject, cashInId, data);
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
            MadeBy = Id(Member(data, "metadata"), Maker),
            ReceivedAt = receivedAt,
            State = StateOf(meaning.Event, isDeposit, name),
            IsDeposit = isDeposit && EventNames.EndsDeposit(meaning.Event, name),
            Settles = meaning.Event == SignalEvent.CashInCompleted
                || (meaning.Event == SignalEvent.TransactionCompleted && MaySettleCash(name, data)),
        };
    }

    /// <summary>
    /// Money from a bank (docs/oms-api.md 8.1, 9.4): a virtual account's, or a transaction that turns fiat into tokens without a cash-in.
    /// </summary>
    private static bool IsDeposit(string name, Subject subject, string? cashInId, JsonElement data)
        => EventNames.IsOfDeposit(name) || (subject == Subject.Transaction && cashInId is null
            && (EventNames.IsFiatToCrypto(name) || Word.Same(Text(data, "type"), "fiatToCrypto")));

    /// <summary>No journey waits for bank money: what does not end a deposit is only noted.</summary>
    private static InboxState StateOf(SignalEvent kind, bool isDeposit, string name)
    {
        var isWaitedFor = isDeposit ? EventNames.EndsDeposit(kind, name) : EventNames.ConcernsJourneys(kind);
        return isWaitedFor ? InboxState.Waiting : InboxState.Noted;
    }

    /// <summary>Only these add to what must be credited; of a transaction that does not say its type the ledger will ask OMS.</summary>
    private static bool MaySettleCash(string name, JsonElement data)
        => Text(data, "type") is { } type ? Word.Same(type, "fiatToCrypto") : !EventNames.IsOfTokensSpent(name);

    private static Subject OfObject(string? name) => Word.Fold(name ?? "") switch
    {
        "cashin" => Subject.CashIn,
        "transaction" => Subject.Transaction,
        "customer" => Subject.Customer,
        _ => Subject.Other,
    };

    private static JsonElement Member(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement element, string name)
        => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A text that is no id is none: cut or mended, it would be another's.</summary>
    private static string? Id(JsonElement element, string name) => Text(element, name) is { } id && OmsId.IsOne(id) ? id : null;

    /// <summary>Names are logged and shown, so what does not look like one is none.</summary>
    private static string? Name(JsonElement element, string member)
        => Text(element, member) is { Length: <= MaxNameLength } name && OmsId.IsOne(name) ? name : null;

    private static long? Number(JsonElement element, string name) => Member(element, name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
        { ValueKind: JsonValueKind.String } text
            when long.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var value) => value,
        _ => null,
    };

    private static DateTimeOffset? Time(JsonElement element, string name)
        => TimestampConverter.TryRead(Text(element, name), out var time) ? time : null;
}
