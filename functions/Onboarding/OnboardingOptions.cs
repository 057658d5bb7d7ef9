using System.ComponentModel.DataAnnotations;

namespace OmsWorkflows.Onboarding;

/// <summary>Times of an onboarding; section <c>Onboarding</c>.</summary>
public sealed class OnboardingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Onboarding";

    /// <summary>How often OMS is asked for the endorsements when no webhook comes. Default: 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long OMS may take to decide before the journey gives up. Default: 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "60.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The times as a running journey keeps them.</summary>
    public OnboardingPolicy ToPolicy() => new(Poll, GiveUpAfter);
}
