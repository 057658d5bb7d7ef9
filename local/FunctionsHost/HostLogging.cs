using OmsWorkflows.Local.FunctionsHost.Settings;

namespace OmsWorkflows.Local.FunctionsHost;

/// <summary>The host's log: on the console, filtered by <c>logging.logLevel</c> of host.json.</summary>
internal static class HostLogging
{
    /// <summary>
    /// One journey makes ten times as many records in the host as in the app; host.json has to ask for them. A function's failure is told
    /// by the worker already, and a failed start in one line by the program.
    /// </summary>
    private static readonly (string Category, LogLevel Level)[] Quiet =
    [
        ("DurableTask", LogLevel.Warning), ("Microsoft", LogLevel.Warning), ("Azure", LogLevel.Warning), ("Grpc", LogLevel.Warning),
        ("Yarp", LogLevel.Warning),
        ("Function", LogLevel.None), ("Host", LogLevel.None), ("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None),
        // Its warning that Application Insights is not set up would come at every start.
        ("Host.Triggers.DurableTask", LogLevel.Error),
    ];

    public static ILoggerFactory Create(IConfiguration settings, bool json) => LoggerFactory.Create(logging =>
    {
        foreach (var (category, level) in Quiet)
            logging.AddFilter(category, level);

        foreach (var setting in settings.GetSection($"{HostConfiguration.JobHost}:logging:logLevel").GetChildren())
        {
            if (!Enum.TryParse<LogLevel>(setting.Value, ignoreCase: true, out var level))
            {
                var levels = string.Join(", ", Enum.GetNames<LogLevel>());
                throw new StartRefusedException($"host.json: logLevel.{setting.Key} is '{setting.Value}'. It must be one of {levels}.");
            }

            logging.AddFilter(setting.Key == "default" ? null : setting.Key, level);
        }

        if (json)
            logging.AddJsonConsole();
        else
            logging.AddSimpleConsole(console => console.TimestampFormat = "HH:mm:ss.fff ");
    });
}
