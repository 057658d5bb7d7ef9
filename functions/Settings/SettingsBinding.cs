using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OmsWorkflows.Settings;

/// <summary>
/// Binds options to their section of the settings. What is not a text is read strictly, and refused by name: .NET's binder takes more than
/// is meant (<c>0x10</c>, <c>24:00:00</c> as 24 days), and what it refuses it quotes, without the name of the section.
/// </summary>
public static class SettingsBinding
{
    /// <summary>
    /// As <c>BindConfiguration</c>, but a value of another form is refused by name (<see cref="OptionsValidationException"/>), at the start
    /// with <c>ValidateOnStart</c>. Follows changes of the settings, too.
    /// </summary>
    public static OptionsBuilder<T> BindSettings<T>(this OptionsBuilder<T> options, string section)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Services.AddKnownSettings<T>(section);
        options.Services.AddSingleton<IOptionsChangeTokenSource<T>>(services =>
            new ConfigurationChangeTokenSource<T>(options.Name, services.GetRequiredService<IConfiguration>().GetSection(section)));
        return options.Configure<IConfiguration>((target, settings) => settings.BindSettings(section, target));
    }

    /// <summary>Reads a section at once, for what is needed before there are services.</summary>
    /// <exception cref="OptionsValidationException">A value has another form; the message names it.</exception>
    public static void BindSettings<T>(this IConfiguration configuration, string section, T target)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var settings = configuration.GetSection(section);
        var failures = new List<string>();
        var read = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            if (SettingForm.Of(property.PropertyType) is not { } form || settings[property.Name] is not { } text)
            {
                continue;
            }

            read.Add(property.Name);
            if (form.Read(text) is { } value)
            {
                property.SetValue(target, value);
            }
            else
            {
                failures.Add($"{section}:{property.Name} {form.Rule}");
            }
        }

        if (failures.Count > 0)
        {
            throw new OptionsValidationException(section, typeof(T), failures);
        }

        // The binder would read them again, in its own way.
        var others = settings.AsEnumerable(makePathsRelative: true).Where(setting => !read.Contains(setting.Key));
        new ConfigurationBuilder().AddInMemoryCollection(others).Build().Bind(target);
    }
}
