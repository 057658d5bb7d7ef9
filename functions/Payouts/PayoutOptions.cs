using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Payouts;

/// <summary>
/// Times and counts of a payout; section <c>Payouts</c>. A journey keeps them as they were at its start, so a running one does not change
/// with the settings.
/// </summary>
public sealed record PayoutOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Payouts";

    /// <summary>With prices that hold for some minutes, about an hour to confirm.</summary>
    public const int DefaultMaxQuoteRounds = 12;

    /// <summary>Sparse: a webhook usually comes first, and the bank is slow.</summary>
    public static readonly TimeSpan DefaultPoll = TimeSpan.FromMinutes(10);

    /// <summary>Bank transfers take working days.</summary>
    public static readonly TimeSpan DefaultAlarm = TimeSpan.FromDays(2);

    /// <summary>A long weekend is over by then.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromDays(6);

    /// <summary>Banks send most of what they cannot credit back within two working days.</summary>
    public static readonly TimeSpan DefaultReturnWindow = TimeSpan.FromDays(5);

    /// <summary>No payout is above it.</summary>
    public const decimal DefaultPersonConfirmsAbove = 1_000_000m;

    /// <summary>How long after it landed a payout to a bank or a card is watched for coming back; zero for not at all.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "60.00:00:00")]
    public TimeSpan ReturnWindow { get; init; } = DefaultReturnWindow;

    /// <summary>Above this amount, in the units that leave the wallet, a price is not accepted without a person.</summary>
    [Range(typeof(decimal), "0", "1000000")]
    public decimal PersonConfirmsAbove { get; init; } = DefaultPersonConfirmsAbove;

    /// <summary>How many prices are asked for, one after the other runs out, while nobody confirms.</summary>
    [Range(1, 100)]
    public int MaxQuoteRounds { get; init; } = DefaultMaxQuoteRounds;

    /// <summary>How often OMS is asked how far the payout is when no webhook comes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Poll { get; init; } = DefaultPoll;

    /// <summary>When a payout counts as overdue.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Alarm { get; init; } = DefaultAlarm;

    /// <summary>When an operator has to look.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "60.00:00:00")]
    public TimeSpan Limit { get; init; } = DefaultLimit;
}

/// <summary>Checks what involves two settings.</summary>
internal sealed class PayoutOptionsValidator : IValidateOptions<PayoutOptions>
{
    public ValidateOptionsResult Validate(string? name, PayoutOptions options) => options.Alarm <= options.Limit
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail("Payouts:Alarm must not be longer than Payouts:Limit.");
}
