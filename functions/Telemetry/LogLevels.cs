using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Telemetry;

/// <summary>Which log entries are worth keeping.</summary>
internal static class LogLevels
{
    private static readonly (string? Category, LogLevel Level)[] Levels =
    [
        (null, LogLevel.Information),
        ("Azure.Core", LogLevel.Warning),
        ("Azure.Identity", LogLevel.Warning),
        ("Microsoft.AspNetCore", LogLevel.Warning),
        ("Polly", LogLevel.Error),
        ("System.Net.Http.HttpClient", LogLevel.Warning),
    ];

    /// <summary>
    /// Quietens libraries that would write several lines per call. The levels of host.json are the host's own: a worker of the Functions
    /// host never sees them. A setting such as <c>Logging__LogLevel__Azure.Core</c> takes precedence, because it comes later.
    /// </summary>
    public static IServiceCollection AddLogLevels(this IServiceCollection services)
        => services.PostConfigure<LoggerFilterOptions>(options =>
    {
        var rules = Levels.Select(each => new LoggerFilterRule(providerName: null, each.Category, each.Level, filter: null));
        foreach (var rule in rules.Reverse())
            options.Rules.Insert(0, rule);
    });
}
