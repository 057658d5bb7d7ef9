using Microsoft.Extensions.DependencyInjection;

namespace OmsWorkflows.Webhooks;

/// <summary>Registers the webhook intake.</summary>
public static class WebhookServiceCollectionExtensions
{
    /// <summary>Adds <see cref="Inbox"/> and what receives webhooks. Needs the app's tables, OMS client and secrets.</summary>
    public static IServiceCollection AddWebhookIntake(this IServiceCollection services)
    {
        services.AddSingleton<Inbox>();
        return services;
    }
}
