using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.CashIns;
using OmsWorkflows.Onboarding;
using OmsWorkflows.Payouts;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Journeys;

/// <summary>Registers what journeys need.</summary>
public static class JourneysServiceCollectionExtensions
{
    /// <summary>Adds the journeys and their options, validated when the app starts.</summary>
    /// <param name="services">The app's services.</param>
    public static IServiceCollection AddJourneys(this IServiceCollection services)
    {
        services.AddOptions<OnboardingOptions>().BindConfiguration(OnboardingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CashInOptions>().BindConfiguration(CashInOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.SettlementAlarm <= options.SettlementLimit, "CashIns:SettlementAlarm must not be longer than CashIns:SettlementLimit.")
            .ValidateOnStart();
        services.AddOptions<PayoutOptions>().BindConfiguration(PayoutOptions.Section).ValidateDataAnnotations()
            .Validate(options => options.Alarm <= options.Limit, "Payouts:Alarm must not be longer than Payouts:Limit.")
            .ValidateOnStart();
        services.AddSingleton<Intakes>();
        services.AddSingleton<JourneyStart>();
        services.AddSingleton<JourneyCommands>();
        return services;
    }
}
