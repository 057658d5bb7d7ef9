using System.ComponentModel.DataAnnotations;

namespace OmsWorkflows.Payouts;

/// <summary>Times and counts of a payout; section <c>Payouts</c>.</summary>
public sealed class PayoutOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Payouts";

    /// <summary>How many prices are asked for, one after the other runs out, while nobody confirms. Default: 12.</summary>
    [Range(1, 100)]
    public int MaxQuoteRounds { get; set; } = 12;

    /// <summary>How often OMS is asked how far the payout is when no webhook comes. Default: 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>When a payout counts as overdue. Default: 2 days, since bank transfers take working days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Alarm { get; set; } = TimeSpan.FromDays(2);

    /// <summary>When an operator has to look. Default: 6 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "60.00:00:00")]
    public TimeSpan Limit { get; set; } = TimeSpan.FromDays(6);

    /// <summary>The times as a running journey keeps them.</summary>
    public PayoutPolicy ToPolicy() => new(MaxQuoteRounds, Poll, Alarm, Limit);
}
