using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Oms;

/// <summary>Registers the OMS client.</summary>
public static class OmsServiceCollectionExtensions
{
    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Adds <see cref="OmsClient"/>, set up from section <c>Oms</c>. Wrong settings stop the start with the setting's name
    /// (<see cref="OptionsValidationException"/>).
    /// </summary>
    public static IServiceCollection AddOmsClient(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<OmsOptions>, OmsOptionsValidator>();
        services.AddOptions<OmsOptions>().BindConfiguration(OmsOptions.Section).ValidateOnStart();
        services.AddSingleton<TokenExchange>();
        services.AddSingleton<AccessTokens>();
        services.AddTransient<BearerTokenHandler>();
        services.AddTransient<IdempotencyKeyHandler>();
        services.AddTransient<OmsMetrics>();
        services.AddMetrics();

        services.AddHttpClient(TokenExchange.ClientName, SetUp).ConfigurePrimaryHttpMessageHandler(PrimaryHandler)
            .AddOmsResilience().AddHttpMessageHandler<OmsMetrics>();
        services.AddHttpClient<OmsClient>(SetUp).ConfigurePrimaryHttpMessageHandler(PrimaryHandler)
            .AddHttpMessageHandler<IdempotencyKeyHandler>()
            .AddHttpMessageHandler<BearerTokenHandler>()
            .AddOmsResilience().AddHttpMessageHandler<OmsMetrics>();
        return services;
    }

    private static void SetUp(IServiceProvider services, HttpClient client)
    {
        var options = services.GetRequiredService<IOptionsMonitor<OmsOptions>>().CurrentValue;
        client.BaseAddress = new Uri(new Uri(options.BaseUrl), options.ApiVersion + "/");
        client.MaxResponseContentBufferSize = MaxAnswerBytes;
        // The pipeline limits attempts and totals; a second limit here would hide which of them it was.
        client.Timeout = Timeout.InfiniteTimeSpan;
        client.DefaultRequestHeaders.UserAgent.ParseAdd("oms-workflows");
        client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    /// <summary>No redirects: they would carry bodies and tokens to whatever host an answer names.</summary>
    private static SocketsHttpHandler PrimaryHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.All,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };
}
