using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Onboarding;

/// <summary>Registers onboarding.</summary>
public static class OnboardingServiceCollectionExtensions
{
    /// <summary>
    /// Adds the onboarding's options, validated when the app starts, and the supply of applicant data. Needs what all journeys share.
    /// </summary>
    public static IServiceCollection AddOnboarding(this IServiceCollection services)
    {
        services.AddOptions<OnboardingOptions>().BindSettings(OnboardingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ApplicantSupply>();
        services.AddSingleton(OnboardingEndpoints.Kind);
        return services;
    }
}
