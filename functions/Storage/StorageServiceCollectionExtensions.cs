using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Storage;

/// <summary>Registers the app's tables.</summary>
public static class StorageServiceCollectionExtensions
{
    /// <summary>
    /// Connections to the tables' account at a time; whoever finds none free waits within the time limit of an attempt. Nearly as many as
    /// an account can keep busy, and part of what docs/operations.md, "Bounds", adds up.
    /// </summary>
    public const int MaxConnections = 150;

    /// <summary>
    /// Adds <see cref="AppTables"/>, set up from section <c>Tables</c>. The tables are created when the app starts, or as soon as their
    /// account answers; wrong
    /// settings stop the start with the setting's name (<see cref="OptionsValidationException"/>). Needs a <see cref="TokenCredential"/>
    /// for a service URI.
    /// </summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<TablesOptions>, TablesOptionsValidator>();
        services.AddOptions<TablesOptions>().BindSettings(TablesOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<TablesOptions>>().Value;
            return new AppTables(Connect(options, provider), options.Prefix);
        });
        services.AddSingleton<Leases>();
        services.AddSingleton<IndexFill>();
        services.AddHostedService<TableSetup>();
        return services;
    }

    private static TableServiceClient Connect(TablesOptions options, IServiceProvider services)
    {
        // Short attempts, few of them: the webhook receiver has ten seconds to answer (docs/oms-api.md 9.3), and activities are retried by
        // the engine.
        var client = new TableClientOptions
        {
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = 2,
                Delay = TimeSpan.FromMilliseconds(100),
                NetworkTimeout = options.AttemptTimeout,
            },
            Diagnostics = { IsLoggingContentEnabled = false },
            Transport = new HttpClientTransport(new HttpClient(Handler()) { Timeout = Timeout.InfiniteTimeSpan }),
        };
        return string.IsNullOrWhiteSpace(options.ServiceUri)
            ? new TableServiceClient(options.ConnectionString, client)
            : new TableServiceClient(new Uri(options.ServiceUri), services.GetRequiredService<TokenCredential>(), client);
    }

    /// <summary>As the client's own, with a bound: by itself it opens a connection for every request under way.</summary>
    internal static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = MaxConnections,
    };
}
