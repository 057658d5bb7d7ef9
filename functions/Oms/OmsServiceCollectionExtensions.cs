using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Oms;

/// <summary>Registers the OMS client.</summary>
public static class OmsServiceCollectionExtensions
{
    /// <summary>
    /// Connections to OMS at a time: as many as activities run (host.json), each of which makes one call at a time, and some for requests
    /// that ask OMS (docs/operations.md, "Bounds").
    /// </summary>
    public const int MaxConnections = 100;

    /// <summary>
    /// Adds <see cref="OmsClient"/>, set up from section <c>Oms</c>. Wrong settings stop the start with the setting's name
    /// (<see cref="OptionsValidationException"/>).
    /// </summary>
    public static IServiceCollection AddOmsClient(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<OmsOptions>, OmsOptionsValidator>();
        services.AddOptions<OmsOptions>().BindSettings(OmsOptions.Section).ValidateOnStart();
        services.AddMetrics();
        services.AddSingleton<OmsCalls>();
        services.AddSingleton<TokenExchange>();
        services.AddSingleton<AccessTokens>();
        services.AddTransient<BearerTokenHandler>();
        services.AddTransient<IdempotencyKeyHandler>();
        services.AddTransient<OmsMetrics>();
        services.AddTransient<WholeAnswerHandler>();

        services.AddHttpClient(
            TokenExchange.ClientName, (provider, client) => SetUp(client, Options(provider), Options(provider).ExchangeTimeout))
            .ConfigurePrimaryHttpMessageHandler(PrimaryHandler)
            .AddAttempts();
        services.AddHttpClient<OmsClient>((provider, client) => SetUp(client, Options(provider), Options(provider).TotalTimeout))
            .ConfigurePrimaryHttpMessageHandler(PrimaryHandler)
            .AddHttpMessageHandler<IdempotencyKeyHandler>()
            .AddHttpMessageHandler<BearerTokenHandler>()
            .AddAttempts();
        return services;
    }

    private static IHttpClientBuilder AddAttempts(this IHttpClientBuilder client)
        => client.AddOmsResilience().AddHttpMessageHandler<OmsMetrics>().AddHttpMessageHandler<WholeAnswerHandler>();

    private static OmsOptions Options(IServiceProvider services) => services.GetRequiredService<IOptionsMonitor<OmsOptions>>().CurrentValue;

    private static void SetUp(HttpClient client, OmsOptions options, TimeSpan timeout)
    {
        client.BaseAddress = new Uri(new Uri(options.BaseUrl), options.ApiVersion + "/");
        client.MaxResponseContentBufferSize = WholeAnswerHandler.MaxBytes;
        // The total: over the wait for a token, all attempts, the waits between them, and the bodies.
        client.Timeout = timeout;
        client.DefaultRequestHeaders.UserAgent.ParseAdd("oms-workflows");
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    /// <summary>No redirects: they would carry bodies and tokens to whatever host an answer names.</summary>
    internal static SocketsHttpHandler PrimaryHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = MaxConnections,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };
}
