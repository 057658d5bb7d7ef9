using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OmsWorkflows.Settings;

namespace OmsWorkflows.Outbox;

/// <summary>Registers the outbox.</summary>
public static class OutboxServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="OutboxWriter"/>, set up from section <c>Notifications</c>. Needs the app's tables. Wrong settings stop the start
    /// with the setting's name (<see cref="OptionsValidationException"/>).
    /// </summary>
    public static IServiceCollection AddOutbox(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<NotificationOptions>, NotificationOptionsValidator>();
        services.AddOptions<NotificationOptions>().BindSettings(NotificationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OutboxBell>();
        services.AddSingleton<OutboxWriter>();
        return services;
    }
}
