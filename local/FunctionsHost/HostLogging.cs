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

    /// <exception cref="StartRefusedException">host.json names a level that there is not.</exception>
    public static ILoggerFactory Create(IConfiguration settings, bool json) => StartRefusedException.Reading(
        "host.json: logging",
        () => LoggerFactory.Create(logging =>
        {
            foreach (var (category, level) in Quiet)
                logging.AddFilter(category, level);

            logging.AddConfiguration(settings.GetSection($"{HostConfiguration.JobHost}:logging"));
            if (json)
                logging.AddJsonConsole();
            else
                logging.AddSimpleConsole(console => console.TimestampFormat = "HH:mm:ss.fff ");
        }));
}
