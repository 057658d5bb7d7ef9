using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OmsWorkflows.Operations;

/// <summary>Registers what operators use.</summary>
public static class OperationsServiceCollectionExtensions
{
    /// <summary>Adds health, metrics and reconciliation. Needs the app's tables and OMS client.</summary>
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<AppMetrics>();
        services.TryAddTransient<SettlementWatch>();
        services.TryAddTransient<Reconciliation>();
        services.TryAddSingleton<HealthProbe>();
        return services;
    }
}
