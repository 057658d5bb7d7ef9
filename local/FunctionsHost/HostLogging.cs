using OmsWorkflows.Local.FunctionsHost.Settings;

namespace OmsWorkflows.Local.FunctionsHost;

/// <summary>The host's log: on the console, filtered by <c>logging.logLevel</c> of host.json.</summary>
internal static class HostLogging
{
    /// <summary>One journey makes ten times as many records here as in the app; these have to be asked for.</summary>
    private static readonly string[] Quiet = ["DurableTask", "Host", "Function", "Microsoft", "Grpc", "Yarp", "Azure"];

    public static ILoggerFactory Create(IConfiguration settings, bool json) => LoggerFactory.Create(logging =>
    {
        foreach (var category in Quiet)
            logging.AddFilter(category, LogLevel.Warning);

        // It would warn that Application Insights is not set up; and a start that fails is told in one line.
        logging.AddFilter("Host.Triggers.DurableTask", LogLevel.Error);
        logging.AddFilter("Host.Startup", LogLevel.None).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);

        foreach (var level in settings.GetSection($"{HostConfiguration.JobHost}:logging:logLevel").GetChildren())
        {
            if (!Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out var parsed))
                throw new StartRefusedException($"host.json: logging.logLevel.{level.Key} is '{level.Value}'. It must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}.");

            logging.AddFilter(level.Key == "default" ? null : level.Key, parsed);
        }

        if (json)
            logging.AddJsonConsole();
        else
            logging.AddSimpleConsole(console => console.TimestampFormat = "HH:mm:ss.fff ");
    });
}
