using System.ComponentModel.DataAnnotations;

namespace OmsWorkflows.CashIns;

/// <summary>Times and counts of a cash-in; section <c>CashIns</c>.</summary>
public sealed class CashInOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "CashIns";

    /// <summary>How often an expired code is refreshed without being asked. Default: 2.</summary>
    [Range(0, 100)]
    public int MaxRefreshRounds { get; set; } = 2;

    /// <summary>How long after the last expiry the code can be revived and late cash is booked. Default: 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan GraceTime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often OMS is asked while a deposit is awaited. Default: 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan DepositPoll { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often OMS is asked once cash was taken. Default: 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SettlementPoll { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>When a conversion counts as overdue. Default: 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan SettlementAlarm { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>When an operator has to look. Default: 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan SettlementLimit { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The times as a running journey keeps them.</summary>
    public CashInPolicy ToPolicy() => new(MaxRefreshRounds, GraceTime, DepositPoll, SettlementPoll, SettlementAlarm, SettlementLimit);
}
