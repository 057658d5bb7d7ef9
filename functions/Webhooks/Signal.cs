namespace OmsWorkflows.Webhooks;

/// <summary>
/// What a journey's one mailbox receives (docs/decisions/0004-one-mailbox.md): a hint that something changed at OMS, or a command. It
/// wakes the journey and never decides about money. Enters the history, so it holds ids, states and times only.
/// </summary>
public sealed record Signal
{
    /// <summary>Name of the external event that carries it.</summary>
    public const string EventName = "signal";

    /// <summary>What a caller or an operator asks for, by the command's name; null when OMS speaks, by webhook.</summary>
    public string? Command { get; init; }

    /// <summary>Id to recognise duplicates by: the delivery's (docs/oms-api.md 9.2), or the command's.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>What happened, when <see cref="Command"/> is null.</summary>
    public SignalEvent Event { get; init; }

    /// <summary>
    /// The resource the signal is about: cash-in id, else transaction id, else customer id (docs/decisions/0002-store-first-inbox.md).
    /// Empty for a command.
    /// </summary>
    public string ResourceId { get; init; } = "";

    /// <summary>The cash-in, if the event names one.</summary>
    public string? CashInId { get; init; }

    /// <summary>The transaction, if the event names one.</summary>
    public string? TransactionId { get; init; }

    /// <summary>The customer, if the event names one.</summary>
    public string? CustomerId { get; init; }

    /// <summary>Status of the resource as OMS wrote it; maybe overtaken since.</summary>
    public string? Status { get; init; }

    /// <summary>Rises per resource at OMS; null when OMS did not say.</summary>
    public long? Sequence { get; init; }

    /// <summary>When the resource changed, by OMS's clock.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>What a command is about besides its kind, such as the quote that is confirmed. Never personal data.</summary>
    public string? Argument { get; init; }
}
