using System.ComponentModel.DataAnnotations;

namespace OmsWorkflows.Onboarding;

/// <summary>
/// Times of an onboarding; section <c>Onboarding</c>. A journey keeps them as they were at its start, so a running one does not change with
/// the settings.
/// </summary>
public sealed record OnboardingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Onboarding";

    /// <summary>Sparse: a webhook usually comes first.</summary>
    public static readonly TimeSpan DefaultPoll = TimeSpan.FromMinutes(10);

    /// <summary>Reviews by hand take days.</summary>
    public static readonly TimeSpan DefaultGiveUpAfter = TimeSpan.FromDays(7);

    /// <summary>How often OMS is asked for the endorsements when no webhook comes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Poll { get; init; } = DefaultPoll;

    /// <summary>How long OMS may take to decide before the journey gives up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "60.00:00:00")]
    public TimeSpan GiveUpAfter { get; init; } = DefaultGiveUpAfter;
}
