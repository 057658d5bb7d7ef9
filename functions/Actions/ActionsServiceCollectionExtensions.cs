using Microsoft.Extensions.DependencyInjection;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Actions;

/// <summary>Registers what keeps who did what.</summary>
public static class ActionsServiceCollectionExtensions
{
    /// <summary>Adds the log of actions and the decisions that may take two people. Needs the app's tables.</summary>
    public static IServiceCollection AddActions(this IServiceCollection services)
    {
        services.AddOptions<DecisionOptions>().BindSettings(DecisionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ActionLog>();
        services.AddSingleton<Decisions>();
        return services;
    }
}
