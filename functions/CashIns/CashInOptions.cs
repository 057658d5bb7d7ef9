using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.CashIns;

/// <summary>
/// Times and counts of a cash-in; section <c>CashIns</c>. A journey keeps them as they were at its start, so a running one does not change
/// with the settings.
/// </summary>
public sealed record CashInOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "CashIns";

    /// <summary>With the hour of each code, the person has three hours.</summary>
    public const int DefaultMaxRefreshRounds = 2;

    /// <summary>A day, so that cash the store reports overnight still finds its journey.</summary>
    public static readonly TimeSpan DefaultGraceTime = TimeSpan.FromHours(24);

    /// <summary>Sparse: a webhook usually comes first.</summary>
    public static readonly TimeSpan DefaultDepositPoll = TimeSpan.FromMinutes(15);

    /// <summary>Closer: somebody waits for the money.</summary>
    public static readonly TimeSpan DefaultSettlementPoll = TimeSpan.FromMinutes(2);

    /// <summary>A conversion usually takes minutes.</summary>
    public static readonly TimeSpan DefaultSettlementAlarm = TimeSpan.FromMinutes(15);

    /// <summary>After a day nothing comes by itself.</summary>
    public static readonly TimeSpan DefaultSettlementLimit = TimeSpan.FromHours(24);

    /// <summary>How often an expired code is refreshed without being asked.</summary>
    [Range(0, 100)]
    public int MaxRefreshRounds { get; init; } = DefaultMaxRefreshRounds;

    /// <summary>How long after the last expiry the code can be revived and late cash is still booked.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan GraceTime { get; init; } = DefaultGraceTime;

    /// <summary>How often OMS is asked while a deposit is awaited.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan DepositPoll { get; init; } = DefaultDepositPoll;

    /// <summary>How often OMS is asked once cash was taken.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SettlementPoll { get; init; } = DefaultSettlementPoll;

    /// <summary>When a conversion counts as overdue.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan SettlementAlarm { get; init; } = DefaultSettlementAlarm;

    /// <summary>When an operator has to look.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan SettlementLimit { get; init; } = DefaultSettlementLimit;
}

/// <summary>Checks what involves two settings.</summary>
internal sealed class CashInOptionsValidator : IValidateOptions<CashInOptions>
{
    public ValidateOptionsResult Validate(string? name, CashInOptions options) => options.SettlementAlarm <= options.SettlementLimit
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail("CashIns:SettlementAlarm must not be longer than CashIns:SettlementLimit.");
}
