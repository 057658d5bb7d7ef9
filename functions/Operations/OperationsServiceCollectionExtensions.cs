using Azure.Core;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Settings;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Operations;

/// <summary>Registers what operators use.</summary>
public static class OperationsServiceCollectionExtensions
{
    /// <summary>
    /// Adds health, the overview and copies of the ledger. Needs the app's tables and OMS client, and a <see cref="TokenCredential"/> for
    /// copies.
    /// </summary>
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<HealthProbe>();
        services.AddSingleton<Overview>();
        services.AddTransient<PersonRemoval>();
        services.AddSingleton<OrchestrationRemoval>();
        services.AddSingleton<IValidateOptions<BackupOptions>, BackupOptionsValidator>();
        services.AddOptions<BackupOptions>().BindSettings(BackupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<BackupOptions>>().Value;
            var local = !string.IsNullOrWhiteSpace(options.ConnectionString);
            return new LedgerCopies(
                provider.GetRequiredService<AppTables>(),
                local ? new BlobContainerClient(options.ConnectionString, options.Container) : Connect(options, provider),
                makeContainer: local,
                options.ArchiveAfter,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<LedgerCopies>>());
        });
        return services;
    }

    private static BlobContainerClient? Connect(BackupOptions options, IServiceProvider services)
        => string.IsNullOrWhiteSpace(options.ContainerUri)
        ? null
        : new BlobContainerClient(new Uri(options.ContainerUri), services.GetRequiredService<TokenCredential>());
}
