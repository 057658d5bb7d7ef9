using System.ComponentModel.DataAnnotations;

namespace OmsWorkflows.Journeys;

/// <summary>How long journeys are kept after they were asked for; section <c>Journeys</c>.</summary>
public sealed class JourneyRetentionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Journeys";

    /// <summary>Past complaints, charge-backs and most audits; a month longer than the longest journey.</summary>
    public static readonly TimeSpan DefaultRetention = TimeSpan.FromDays(90);

    /// <summary>
    /// When a journey that is over is removed: its orchestration and its intake, and with it what its <c>Idempotency-Key</c> stood for. A
    /// journey that runs is never removed.
    /// </summary>
    [Range(
        typeof(TimeSpan), "7.00:00:00", "365.00:00:00", ErrorMessage = "Journeys:Retention must be between 7 days and a year.")]
    public TimeSpan Retention { get; set; } = DefaultRetention;
}
