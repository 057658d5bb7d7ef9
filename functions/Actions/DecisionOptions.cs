using System.ComponentModel.DataAnnotations;

namespace OmsWorkflows.Actions;

/// <summary>How decisions about money are taken; section <c>Operations</c>.</summary>
public sealed class DecisionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Operations";

    /// <summary>Time for somebody else to look, over a night and a weekend's day.</summary>
    public static readonly TimeSpan DefaultDecideWithin = TimeSpan.FromDays(1);

    /// <summary>Whether attaching, marking as handled and resolving take a second person; undoing always does.</summary>
    public bool TwoPeople { get; set; }

    /// <summary>How long a proposal waits for the second person.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "30.00:00:00")]
    public TimeSpan DecideWithin { get; set; } = DefaultDecideWithin;
}
