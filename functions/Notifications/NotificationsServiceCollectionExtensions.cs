using Microsoft.Extensions.DependencyInjection;

namespace OmsWorkflows.Notifications;

/// <summary>Registers what tells the team's own systems.</summary>
public static class NotificationsServiceCollectionExtensions
{
    /// <summary>Connections to one endpoint at a time: for what is told at once, and for what is told again.</summary>
    public const int MaxConnections = 8;

    /// <summary>Adds what sends the outbox. Needs the app's tables and the outbox.</summary>
    public static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddHttpClient(
            NotificationClient.ClientName,
            client =>
            {
                // The limit of a call is set for each; this one would cut it short or be cut short by it.
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.DefaultRequestHeaders.UserAgent.ParseAdd("oms-workflows");
            })
            .ConfigurePrimaryHttpMessageHandler(Handler)
            .RemoveAllLoggers();
        services.AddSingleton<NotificationMetrics>();
        services.AddSingleton<Circuits>();
        services.AddSingleton<Lines>();
        services.AddSingleton<DueNotices>();
        services.AddSingleton<NotificationClient>();
        services.AddSingleton<LineCourier>();
        services.AddSingleton<AgainCourier>();
        services.AddSingleton<NotificationSender>();
        services.AddSingleton<NotificationCleaning>();
        services.AddHostedService<NotificationsAtOnce>();
        services.AddSingleton<NotificationDeadLetters>();
        services.AddSingleton<NotificationReplay>();
        return services;
    }

    internal static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 0,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxConnectionsPerServer = MaxConnections,
    };
}
