using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OmsWorkflows.Settings;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Webhooks;

/// <summary>Registers the webhook intake.</summary>
public static class WebhookServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="Inbox"/> and what receives webhooks, set up from section <c>Webhooks</c>. Needs the app's tables, OMS client,
    /// secrets and ledger. Wrong settings stop the start with the setting's name (<see cref="OptionsValidationException"/>).
    /// </summary>
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();
        services.AddOptions<WebhookOptions>().BindSettings(WebhookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Inbox>();
        services.AddSingleton<WebhookReceiver>();
        services.AddSingleton<DeadLetters>();
        services.AddTransient<InboxSweep>();
        services.AddTransient<InboxCleaning>();
        services.AddTransient<IIndexedTable, IndexedEvents>();
        services.AddSingleton<SubscriptionSlots>();
        services.AddTransient<WebhookSubscriptions>();
        return services;
    }
}
