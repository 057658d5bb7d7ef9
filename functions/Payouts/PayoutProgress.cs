using System.Text.Json.Serialization;

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
}

/// <summary>The steps of a payout.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PayoutStep>))]
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
}
