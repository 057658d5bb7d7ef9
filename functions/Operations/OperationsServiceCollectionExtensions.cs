using Microsoft.Extensions.DependencyInjection;

namespace OmsWorkflows.Operations;

/// <summary>Registers what operators use.</summary>
public static class OperationsServiceCollectionExtensions
{
    /// <summary>Adds health and the overview. Needs the app's tables and OMS client.</summary>
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<HealthProbe>();
        services.AddSingleton<Overview>();
        return services;
    }
}
