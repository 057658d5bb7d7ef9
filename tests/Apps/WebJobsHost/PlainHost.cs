using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OmsWorkflows.WebJobsHost;

/// <summary>A WebJobs host with the startup types it is given, and the functions of <see cref="Functions"/>.</summary>
internal static class PlainHost
{
    public static async Task<string?> RunAsync(IEnumerable<string> startupTypes, string database)
    {
        const string provider = "AzureWebJobs:extensions:durableTask:storageProvider";
        using var host = new HostBuilder()
            .ConfigureWebJobs(builder =>
            {
                foreach (var type in startupTypes)
                {
                    var startup = Activator.CreateInstance(Type.GetType(type, throwOnError: true)!, nonPublic: true)!;
                    ((IWebJobsStartup)startup).Configure(builder);
                }
            })
            .ConfigureAppConfiguration(settings => settings.AddInMemoryCollection(
                [new($"{provider}:type", "sqlite"), new($"{provider}:path", database), new("CONTAINER_NAME", "")]))
            .ConfigureServices(services => services.AddSingleton<ITypeLocator, OnlyFunctions>())
            .Build();
        await host.StartAsync();
        var jobs = host.Services.GetRequiredService<IJobHost>();
        await jobs.CallAsync($"{nameof(Functions)}.{nameof(Functions.StartAsync)}", new Dictionary<string, object>());
        await host.StopAsync();
        return Functions.Output;
    }

    private sealed class OnlyFunctions : ITypeLocator
    {
        public IReadOnlyList<Type> GetTypes() => [typeof(Functions)];
    }
}
