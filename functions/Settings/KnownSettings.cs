using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Settings;

/// <summary>The settings that options of a type read from a section.</summary>
internal sealed record KnownSettings(string Section, Type Options)
{
    /// <summary>A dictionary is filled, not set.</summary>
    public IEnumerable<string> Names => Options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite || typeof(IDictionary).IsAssignableFrom(property.PropertyType))
        .Select(property => property.Name);
}

/// <summary>
/// Tells at the start of settings in the app's sections that nothing reads, such as a misspelt one, whose default is in force then. They
/// do not stop it: settings are changed before code is, and a release that is taken back meets those of the next.
/// </summary>
internal sealed class UnknownSettingsNotice(
    IEnumerable<KnownSettings> known, IConfiguration settings, ILogger<UnknownSettingsNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var section in known.GroupBy(each => each.Section, each => each.Names, StringComparer.OrdinalIgnoreCase))
        {
            string[] names = [.. section.SelectMany(each => each).Order(StringComparer.Ordinal)];
            var unknown = settings.GetSection(section.Key).GetChildren()
                .Where(setting => !names.Contains(setting.Key, StringComparer.OrdinalIgnoreCase));
            foreach (var setting in unknown)
                logger.UnknownSetting(setting.Path, section.Key, string.Join(", ", names));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Registers what is known.</summary>
internal static class KnownSettingsServiceCollectionExtensions
{
    public static void AddKnownSettings<T>(this IServiceCollection services, string section)
    {
        services.AddSingleton(new KnownSettings(section, typeof(T)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, UnknownSettingsNotice>());
    }
}
