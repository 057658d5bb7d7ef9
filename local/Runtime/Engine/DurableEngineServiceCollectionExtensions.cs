using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OmsWorkflows.Local.Runtime.Engine;

/// <summary>Registers the embedded engine.</summary>
public static class DurableEngineServiceCollectionExtensions
{
    /// <summary>
    /// Adds the engine as a hosted service and its <see cref="DurableTaskClient"/>. The clock is the registered <see cref="TimeProvider"/>,
    /// else the system's.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="tasks">Registers orchestrators and activities.</param>
    /// <param name="configure">Sets options.</param>
    public static IServiceCollection AddDurableEngine(
        this IServiceCollection services, Action<DurableTaskRegistry> tasks, Action<DurableEngineOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(tasks);
        ArgumentNullException.ThrowIfNull(configure);

        services.AddOptions<DurableTaskRegistry>().Configure(tasks);
        services.AddOptions<DurableEngineOptions>().Configure(configure);
        services.AddOptions<DurableTaskWorkerOptions>();
        services.AddOptions<DurableTaskClientOptions>();
        services.TryAddSingleton(TimeProvider.System);
        return services;
    }
}
