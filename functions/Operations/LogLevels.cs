using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;

namespace OmsWorkflows.Operations;

/// <summary>Which log entries are worth keeping.</summary>
public static class LogLevels
{
    /// <summary>
    /// Quietens libraries that would write several lines per call. The levels of host.json are the host's own: a worker of the Functions host never
    /// sees them. A setting such as <c>Logging__LogLevel__Azure.Core</c> takes precedence.
    /// </summary>
    /// <param name="builder">The app's builder.</param>
    public static IHostApplicationBuilder AddLogLevels(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Default"] = "Information",
                ["Logging:LogLevel:Azure.Core"] = "Warning",
                ["Logging:LogLevel:Azure.Identity"] = "Warning",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
                ["Logging:LogLevel:Polly"] = "Error",
                ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Warning",
            },
        });
        return builder;
    }
}
