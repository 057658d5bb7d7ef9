using System.Text.Json.Serialization;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Payouts;

/// <summary>How far a payout is; goes along when its journey continues as new.</summary>
public sealed record PayoutProgress
{
    /// <summary>What is done next.</summary>
    public PayoutStep Step { get; init; }

    /// <summary>Which price is asked for; part of the idempotency key.</summary>
    public int Round { get; init; } = 1;

    /// <summary>Since when the journey waits in this step (UTC).</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When the price was sent to be executed (UTC); alarm and limit count from here.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>What OMS said last of the transfer; null until there is one.</summary>
    public PayoutSnapshot? Payout { get; init; }

    /// <summary>Whether an event said that compliance looks at it; the status of older versions does not say so.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool UnderReview { get; init; }

    /// <summary>Until when the bank's sending it back is waited for (UTC); null before it has landed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ReturnUntil { get; init; }
}

/// <summary>The steps of a payout.</summary>
[JsonConverter(typeof(KnownNamesConverter<PayoutStep>))]
public enum PayoutStep
{
    /// <summary>Get a price.</summary>
    Quote = 0,

    /// <summary>Wait for the caller to confirm the price.</summary>
    AwaitConfirmation,

    /// <summary>Have OMS execute the price.</summary>
    Execute,

    /// <summary>Wait for the transfer to land.</summary>
    AwaitLanding,

    /// <summary>Ask OMS how the transfer stands.</summary>
    AskAboutLanding,

    /// <summary>It has landed: see whether the bank sends it back.</summary>
    AwaitReturn,

    /// <summary>Ask OMS whether the bank sent it back.</summary>
    AskAboutReturn,

    /// <summary>A step of a newer version: this one stands still rather than guess (docs/decisions/0011-many-instances.md).</summary>
    Unknown,
}
