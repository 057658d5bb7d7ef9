using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OmsWorkflows.Local.Runtime.Engine.Client;
using OmsWorkflows.Local.Runtime.Engine.Dispatch;

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
        services.TryAddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(CreateParts);
        services.AddSingleton<DurableEngine>();
        services.AddHostedService(provider => provider.GetRequiredService<DurableEngine>());
        services.AddSingleton<DurableTaskClient>(CreateClient);
        return services;
    }

    private static EngineParts CreateParts(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<DurableEngineOptions>>().Value;
        var worker = services.GetRequiredService<IOptions<DurableTaskWorkerOptions>>().Value;
        var versioning = options.Versioning ?? worker.Versioning;
        return new EngineParts
        {
            Options = options,
            Registry = services.GetRequiredService<IOptions<DurableTaskRegistry>>().Value,
            Converter = options.DataConverter ?? (worker.HasDataConverter ? worker.DataConverter : Registered(services)),
            DefaultVersion = options.DefaultVersion ?? versioning?.DefaultVersion ?? string.Empty,
            Versioning = versioning,
            Clock = services.GetRequiredService<TimeProvider>(),
            Services = services,
            Loggers = services.GetRequiredService<ILoggerFactory>(),
        };
    }

    private static LocalDurableTaskClient CreateClient(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<DurableEngineOptions>>().Value;
        var client = services.GetRequiredService<IOptions<DurableTaskClientOptions>>().Value;
        var engine = services.GetRequiredService<DurableEngine>();
        return new LocalDurableTaskClient(
            () => engine.Core,
            options.DataConverter ?? (client.HasDataConverter ? client.DataConverter : Registered(services)),
            client.DefaultVersion.Length > 0 ? client.DefaultVersion : options.DefaultVersion ?? string.Empty);
    }

    private static DataConverter Registered(IServiceProvider services) =>
        services.GetService<DataConverter>() ?? JsonDataConverter.Default;
}
