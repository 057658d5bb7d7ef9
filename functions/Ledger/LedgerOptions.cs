using System.ComponentModel.DataAnnotations;

namespace OmsWorkflows.Ledger;

/// <summary>Times of the ledger; section <c>Ledger</c>.</summary>
public sealed class LedgerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Ledger";

    /// <summary>Long enough for a journey that was held up by a deployment or a slow OMS.</summary>
    public static readonly TimeSpan DefaultSettleWithin = TimeSpan.FromMinutes(30);

    /// <summary>How long the journey of a settlement has to book it before it counts as unclaimed.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SettleWithin { get; set; } = DefaultSettleWithin;
}
