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

    /// <summary>
    /// The journey that made what the event is about, as the event itself says (docs/oms-api.md 12); null when it says nothing. A hint:
    /// whether that journey listens, the inbox knows.
    /// </summary>
    public string? MadeBy { get; init; }

    /// <summary>
    /// Whether it says how money from a bank ended. No journey waits for that; it goes to <see cref="IDepositEvents"/>.
    /// </summary>
    public bool IsDeposit { get; init; }

    /// <summary>Version of the stored row.</summary>
    public ETag ETag { get; init; } = ETag.All;

    public const string RowPrefix = "event:";

    /// <summary>The first key after those of events: a colon ends their prefix, and a semicolon is the character after it.</summary>
    public const string RowsEnd = "event;";

    public string PartitionKey => TableKey.Of(Signal.ResourceId);

    public string RowKey => RowPrefix + TableKey.Of(Signal.DeliveryId);

    public TableEntity Write() => new(PartitionKey, RowKey)
    {
        ["State"] = State.ToString(),
        ["Name"] = Name,
        ["ReceivedAt"] = ReceivedAt,
        ["Settles"] = Settles,
        ["IsDeposit"] = IsDeposit,
        ["DeliveryId"] = Signal.DeliveryId,
        ["Event"] = Signal.Event.ToString(),
        ["ResourceId"] = Signal.ResourceId,
        ["CashInId"] = Signal.CashInId,
        ["TransactionId"] = Signal.TransactionId,
        ["CustomerId"] = Signal.CustomerId,
        ["Status"] = Signal.Status,
        ["Sequence"] = Signal.Sequence,
        ["UpdatedAt"] = Signal.UpdatedAt,
        ["MadeBy"] = MadeBy,
        [IndexFill.Indexed] = true,
    };

    public static InboxEvent Read(TableEntity row) => new()
    {
        Signal = new Signal
        {
            DeliveryId = row.Text("DeliveryId") ?? throw Unreadable(row),
            Event = KnownNames.Of<SignalEvent>(row.Text("Event")),
            ResourceId = row.Text("ResourceId") ?? throw Unreadable(row),
            CashInId = row.Text("CashInId"),
            TransactionId = row.Text("TransactionId"),
            CustomerId = row.Text("CustomerId"),
            Status = row.Text("Status"),
            Sequence = row.Number("Sequence"),
            UpdatedAt = row.Time("UpdatedAt"),
        },
        Name = row.Text("Name") ?? "",
        ReceivedAt = row.Time("ReceivedAt") ?? throw Unreadable(row),
        State = KnownNames.Of<InboxState>(row.Text("State")),
        Settles = row.Flag("Settles") ?? false,
        MadeBy = row.Text("MadeBy"),
        IsDeposit = row.Flag("IsDeposit") ?? false,
        ETag = row.ETag,
    };

    private static FormatException Unreadable(TableEntity row) => new($"Row {row.PartitionKey}/{row.RowKey} of the inbox is damaged.");
}

/// <summary>How far a stored event is.</summary>
internal enum InboxState
{
    /// <summary>No journey got it yet; then it stands on the list of those that wait.</summary>
    Waiting = 0,

    /// <summary>At least one journey got it, or its delivery is not answered before that.</summary>
    Delivered,

    /// <summary>Nobody came for it in time: an operator can re-drive it. A journey that starts to listen still gets it.</summary>
    Dead,

    /// <summary>No journey of this app waits for such events; kept for the record.</summary>
    Noted,

    /// <summary>An operator looked at it and needs it no more. A journey that starts to listen still gets it.</summary>
    Dismissed,

    /// <summary>One that a newer version wrote and this one does not know.</summary>
    Unknown,
}
