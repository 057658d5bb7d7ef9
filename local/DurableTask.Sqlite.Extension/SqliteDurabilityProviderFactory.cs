using System.Globalization;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Scale;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DurableTask.Sqlite.Extension;

/// <summary>Makes the provider from the settings under <c>extensions.durableTask.storageProvider</c>: one file, one task hub.</summary>
public sealed class SqliteDurabilityProviderFactory : IDurabilityProviderFactory, IDisposable
{
    /// <summary>The <c>storageProvider.type</c>.</summary>
    public const string ProviderName = "sqlite";

    private readonly DurableTaskOptions _extension;
    private readonly Lazy<SqliteDurabilityProvider> _provider;

    /// <summary>Creates the factory; nothing is read before the provider is asked for.</summary>
    public SqliteDurabilityProviderFactory(IOptions<DurableTaskOptions> extension, INameResolver names, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(extension);
        _extension = extension.Value;
        _provider = new Lazy<SqliteDurabilityProvider>(() => new(new SqliteOrchestrationService(ReadOptions(names, loggers))));
    }

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public DurabilityProvider GetDurabilityProvider() => _provider.Value;

    /// <summary>The provider of a client: the same, for the file holds one task hub.</summary>
    /// <exception cref="NotSupportedException">The client asks for another task hub.</exception>
    public DurabilityProvider GetDurabilityProvider(DurableClientAttribute attribute)
    {
        if (attribute?.TaskHub is { Length: > 0 } hub && !string.Equals(hub, _extension.HubName, StringComparison.OrdinalIgnoreCase))
        {
            throw new NotSupportedException(
                $"The sqlite provider holds the task hub '{_extension.HubName}' only; a client asks for '{hub}'.");
        }

        return _provider.Value;
    }

    /// <inheritdoc cref="GetDurabilityProvider(DurableClientAttribute)"/>
    public DurabilityProvider GetDurabilityProvider(DurableClientAttribute attribute, TriggerMetadata triggerMetadata)
        => GetDurabilityProvider(attribute);

    /// <summary>Of no effect: there are no entities.</summary>
    public void SetUseSeparateQueueForEntityWorkItems(bool newValue)
    {
    }

    /// <summary>Refuses entity functions by name.</summary>
    /// <exception cref="NotSupportedException">There are some.</exception>
    public void SetRegisteredFunctions(
        IReadOnlyCollection<string> orchestratorNames, IReadOnlyCollection<string> activityNames, IReadOnlyCollection<string> entityNames)
    {
        if (entityNames.Count > 0)
            throw new NotSupportedException($"The sqlite provider does not run entities; the app has {string.Join(", ", entityNames)}.");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (_provider.IsValueCreated)
            _provider.Value.Dispose();
    }

    private SqliteOrchestrationServiceOptions ReadOptions(INameResolver names, ILoggerFactory loggers)
    {
        var options = new SqliteOrchestrationServiceOptions { LoggerFactory = loggers };
        options.MaxConcurrentActivities = _extension.MaxConcurrentActivityFunctions ?? options.MaxConcurrentActivities;
        options.MaxConcurrentOrchestrations = _extension.MaxConcurrentOrchestratorFunctions ?? options.MaxConcurrentOrchestrations;
        foreach (var (key, value) in _extension.StorageProvider)
        {
            var text = names.ResolveWholeString(Convert.ToString(value, CultureInfo.InvariantCulture));
            switch (key.ToUpperInvariant())
            {
                case "TYPE":
                    break;
                case "PATH":
                    options.DatabasePath = text;
                    break;
                case "RETENTION":
                    options.Retention = Parse<TimeSpan>(key, text);
                    break;
                case "MAXCACHEDINSTANCES":
                    options.MaxCachedInstances = Parse<int>(key, text);
                    break;
                default:
                    throw new ArgumentException(
                        $"storageProvider.{key} is not a setting of the sqlite provider; "
                        + "it knows type, path, retention and maxCachedInstances.");
            }
        }

        return options;
    }

    private static T Parse<T>(string key, string text)
        where T : IParsable<T> => T.TryParse(text, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new ArgumentException($"storageProvider.{key} is '{text}', which is not a {typeof(T).Name}.");
}
