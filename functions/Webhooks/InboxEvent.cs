using Azure;
using Azure.Data.Tables;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>An event of OMS as it is kept: ids, status and times, never the payload, which may hold personal data.</summary>
internal sealed record InboxEvent
{
    /// <summary>What journeys are told.</summary>
    public required Signal Signal { get; init; }

    /// <summary>The event's name as OMS sent it.</summary>
    public required string Name { get; init; }

    /// <summary>When it came in.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>How far it is.</summary>
    public required InboxState State { get; init; }

    /// <summary>
    /// Whether it says that cash became tokens, which the ledger must come to know (docs/decisions/0008-money-is-booked-once.md).
    /// </summary>
    public bool Settles { get; init; }

    /// <summary>Version of the stored row.</summary>
    public ETag ETag { get; init; } = ETag.All;

    public const string RowPrefix = "event:";

    public string PartitionKey => TableKey.Of(Signal.ResourceId);

    public string RowKey => RowPrefix + TableKey.Of(Signal.DeliveryId);

    public TableEntity Write() => new(PartitionKey, RowKey)
    {
        ["State"] = State.ToString(),
        ["Name"] = Name,
        ["ReceivedAt"] = ReceivedAt,
        ["Settles"] = Settles,
        ["DeliveryId"] = Signal.DeliveryId,
        ["Event"] = Signal.Event.ToString(),
        ["ResourceId"] = Signal.ResourceId,
        ["CashInId"] = Signal.CashInId,
        ["TransactionId"] = Signal.TransactionId,
        ["CustomerId"] = Signal.CustomerId,
        ["Status"] = Signal.Status,
        ["Sequence"] = Signal.Sequence,
        ["UpdatedAt"] = Signal.UpdatedAt,
    };

    public static InboxEvent Read(TableEntity row) => new()
    {
        Signal = new Signal
        {
            DeliveryId = row.GetString("DeliveryId"),
            // An event that a later version named and this one does not know is unknown here.
            Event = Enum.TryParse<SignalEvent>(row.GetString("Event"), out var known) ? known : SignalEvent.Unknown,
            ResourceId = row.GetString("ResourceId"),
            CashInId = row.GetString("CashInId"),
            TransactionId = row.GetString("TransactionId"),
            CustomerId = row.GetString("CustomerId"),
            Status = row.GetString("Status"),
            Sequence = row.GetInt64("Sequence"),
            UpdatedAt = row.GetDateTimeOffset("UpdatedAt"),
        },
        Name = row.GetString("Name"),
        ReceivedAt = row.GetDateTimeOffset("ReceivedAt")!.Value,
        State = Enum.Parse<InboxState>(row.GetString("State")),
        Settles = row.GetBoolean("Settles") ?? false,
        ETag = row.ETag,
    };
}

/// <summary>How far a stored event is.</summary>
internal enum InboxState
{
    /// <summary>No journey got it yet.</summary>
    Waiting = 0,

    /// <summary>At least one journey got it.</summary>
    Delivered,

    /// <summary>Nobody came for it in time: an operator can re-drive it. A journey that starts to listen still gets it.</summary>
    Dead,

    /// <summary>No journey of this app waits for such events; kept for the record.</summary>
    Noted,
}
