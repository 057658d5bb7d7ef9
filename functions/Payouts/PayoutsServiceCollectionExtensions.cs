using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Payouts;

/// <summary>Registers payouts.</summary>
public static class PayoutsServiceCollectionExtensions
{
    /// <summary>Adds the payout's options, validated when the app starts. Needs what all journeys share.</summary>
    public static IServiceCollection AddPayouts(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<PayoutOptions>, PayoutOptionsValidator>();
        services.AddOptions<PayoutOptions>().BindSettings(PayoutOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(PayoutEndpoints.Kind);
        services.AddTransient<PickupCodes>();
        return services;
    }
}
