using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OmsWorkflows.Settings;

namespace OmsWorkflows.CashIns;

/// <summary>Registers cash-ins.</summary>
public static class CashInsServiceCollectionExtensions
{
    /// <summary>Adds the cash-in's options, validated when the app starts. Needs what all journeys share, and onboarding.</summary>
    public static IServiceCollection AddCashIns(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<CashInOptions>, CashInOptionsValidator>();
        services.AddOptions<CashInOptions>().BindSettings(CashInOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(CashInEndpoints.Kind);
        services.AddTransient<CashInStores>();
        return services;
    }
}
