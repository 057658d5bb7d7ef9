using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Webhooks;

/// <summary>Events to test with.</summary>
internal static class Events
{
    public static readonly DateTimeOffset Start = new(2026, 6, 10, 14, 0, 0, TimeSpan.Zero);

    public static InboxEvent CashInCompleted(string deliveryId, string cashInId = "ci_1", DateTimeOffset? receivedAt = null) => new()
    {
        Signal = new Signal
        {
            DeliveryId = deliveryId,
            Event = SignalEvent.CashInCompleted,
            ResourceId = cashInId,
            CashInId = cashInId,
            TransactionId = "txn_1",
            Status = "completed",
            Sequence = 5,
            UpdatedAt = Start,
        },
        Name = "cashIn.completed",
        ReceivedAt = receivedAt ?? Start,
        State = InboxState.Waiting,
        Settles = true,
    };
}
