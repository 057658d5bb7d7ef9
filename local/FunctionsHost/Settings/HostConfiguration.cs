using System.Globalization;

namespace OmsWorkflows.Local.FunctionsHost.Settings;

/// <summary>
/// The host's settings, in the order of the Functions host: host.json, then the app's settings, then the environment, where
/// <c>AzureFunctionsJobHost__…</c> overrides host.json. What one machine needs stands between.
/// </summary>
internal static class HostConfiguration
{
    /// <summary>The section host.json is read into.</summary>
    public const string JobHost = "AzureFunctionsJobHost";

    /// <summary>What stands before the route of every HTTP function.</summary>
    public const string RoutePrefix = $"{JobHost}:extensions:http:routePrefix";

    private const string ConcurrentRequests = $"{JobHost}:extensions:http:maxConcurrentRequests";

    private const string Durable = $"{JobHost}:extensions:durableTask";

    private const string StorageProvider = $"{Durable}:storageProvider";

    /// <summary>The setting that names what keeps orchestrations.</summary>
    public const string StorageType = $"{StorageProvider}:type";

    /// <summary>Reads all of it.</summary>
    /// <exception cref="StartRefusedException">host.json is missing or cannot be read.</exception>
    public static IConfigurationRoot Read(StartOptions options, LocalSettings local, string hostName)
    {
        var file = HostJson(options.App);
        var settings = Build(file, options, local, hostName);
        var ofFile = file.GetValueOrDefault(StorageType) ?? "AzureStorage";
        if (string.Equals(settings[StorageType], ofFile, StringComparison.OrdinalIgnoreCase))
            return settings;

        // What host.json says of one provider means nothing to another.
        var others = file.Where(setting => !setting.Key.StartsWith(StorageProvider, StringComparison.OrdinalIgnoreCase));
        return Build(new(others, StringComparer.OrdinalIgnoreCase), options, local, hostName);
    }

    /// <summary>How many requests are passed on at a time; without bound where host.json says nothing, or -1.</summary>
    /// <exception cref="StartRefusedException">It is no number of requests.</exception>
    public static int MaxConcurrentRequests(IConfiguration settings) => settings[ConcurrentRequests] switch
    {
        null or "-1" => int.MaxValue,
        var text when int.TryParse(text, CultureInfo.InvariantCulture, out var most) && most > 0 => most,
        var text => throw new StartRefusedException(
            $"host.json: extensions.http.maxConcurrentRequests is '{text}': it must be a number of requests, or -1 for no bound."),
    };

    private static IConfigurationRoot Build(
        Dictionary<string, string?> hostJson, StartOptions options, LocalSettings local, string hostName)
    {
        var values = local.Values.ToDictionary(set => set.Key.Replace("__", ":", StringComparison.Ordinal), set => (string?)set.Value);
        return new ConfigurationBuilder()
            .AddInMemoryCollection(hostJson)
            .AddInMemoryCollection(OneMachine(options))
            .AddInMemoryCollection(values)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(Forced(hostName))
            .Build();
    }

    private static Dictionary<string, string?> HostJson(string appFolder)
    {
        var path = Path.Combine(appFolder, "host.json");
        if (!File.Exists(path))
            throw new StartRefusedException($"{path} is not there: --app must be the publish or build output of a Functions app.");

        return StartRefusedException.Reading(path, () =>
        {
            var file = new ConfigurationBuilder().AddJsonFile(path, optional: false).Build();
            if (file["version"] != "2.0")
                throw new StartRefusedException($"{path}: \"version\" must be \"2.0\".");

            return file.AsEnumerable()
                .Where(setting => setting.Value is not null)
                .ToDictionary(setting => $"{JobHost}:{setting.Key}", setting => setting.Value, StringComparer.OrdinalIgnoreCase);
        });
    }

    /// <summary>Stands above host.json: on one machine orchestrations are kept in a file, whatever keeps them in Azure.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> OneMachine(StartOptions options) =>
    [
        new(StorageType, "sqlite"),
        new($"{StorageProvider}:path", options.Database),
        // An idle session holds a dispatcher's place and gains nothing when the worker is another process.
        new($"{Durable}:extendedSessionsEnabled", "false"),
        // host.json usually takes the hub's name from a setting that only Azure has.
        new("TASKHUB_NAME", "local"),
    ];

    /// <summary>Stands above the environment.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Forced(string hostName) =>
    [
        new("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated"),
        new("WEBSITE_HOSTNAME", hostName),
        // Where these are set, the extension takes the machine for a consumption plan and prints every event.
        new("CONTAINER_NAME", ""),
        new("MANAGED_ENVIRONMENT", ""),
    ];
}
