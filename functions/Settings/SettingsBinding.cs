using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Settings;

/// <summary>Binds options to their section of the settings, durations strictly.</summary>
public static class SettingsBinding
{
    /// <summary>
    /// As <c>BindConfiguration</c>, but a <see cref="TimeSpan"/> is read by <see cref="Duration"/>, and one that is none is refused by name
    /// (<see cref="OptionsValidationException"/>), at the start with <c>ValidateOnStart</c>. Follows changes of the settings, too.
    /// </summary>
    public static OptionsBuilder<T> BindSettings<T>(this OptionsBuilder<T> options, string section)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Services.AddSingleton<IOptionsChangeTokenSource<T>>(services =>
            new ConfigurationChangeTokenSource<T>(options.Name, services.GetRequiredService<IConfiguration>().GetSection(section)));
        return options.Configure<IConfiguration>((target, settings) => Bind(options.Name, section, settings.GetSection(section), target));
    }

    private static void Bind<T>(string name, string section, IConfigurationSection settings, T target)
        where T : class
    {
        var failures = new List<string>();
        var durations = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if ((Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) != typeof(TimeSpan) || !property.CanWrite)
            {
                continue;
            }

            durations.Add(property.Name);
            if (settings[property.Name] is not { } text)
            {
                continue;
            }

            if (Duration.TryParse(text, out var duration))
            {
                property.SetValue(target, duration);
            }
            else
            {
                failures.Add($"{section}:{property.Name} {Duration.Rule}");
            }
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(name, typeof(T), failures);
        }

        // The binder would read the durations again, in its own way.
        var others = settings.AsEnumerable(makePathsRelative: true).Where(setting => !durations.Contains(setting.Key));
        new ConfigurationBuilder().AddInMemoryCollection(others).Build().Bind(target);
    }
}
