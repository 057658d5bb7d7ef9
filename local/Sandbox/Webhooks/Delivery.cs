using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.Webhooks;

/// <summary>What became of a delivery.</summary>
internal enum DeliveryState
{
    /// <summary>Waits for its first or next attempt.</summary>
    Pending,

    /// <summary>Held back by a reorder fault.</summary>
    Held,

    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>All attempts failed, or the receiver said 410.</summary>
    Failed,

    /// <summary>Swallowed by a fault.</summary>
    Dropped,

    /// <summary>Its endpoint was paused or deleted.</summary>
    Stopped,
}

/// <summary>One attempt: the status, or why there was none.</summary>
internal sealed record DeliveryAttempt(int Number, DateTimeOffset At, int? Status, string? Error, bool BadSignature);

/// <summary>One event for one endpoint. Its id is the same on every attempt, and so are the body's bytes (docs/oms-api.md 9.2).</summary>
internal sealed record Delivery(
    string Id, string EndpointId, RaisedEvent Event, string EventId, DateTimeOffset CreatedAt, byte[] Body) : IListed
{
    /// <summary>Headers that a fault changed; an empty text takes one away.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public DeliveryState State { get; set; }

    public List<DeliveryAttempt> Attempts { get; } = [];

    public DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>Attempts of the retry schedule; copies and re-sent ones do not count.</summary>
    public int Scheduled { get; set; }

    /// <summary>For a held delivery: the event it waits for; null for any of the same story.</summary>
    public string? Behind { get; set; }
}

/// <summary>Something that happened. The group is the story it belongs to: a cash-in with its transaction, a payout, a customer.</summary>
internal sealed record RaisedEvent(string Name, object Data, int Sequence, string ResourceId, string Group, string? CustomerId);
