using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry;

/// <summary>Fits OpenTelemetry to a Functions worker.</summary>
public static class ConfigureFunctionsOpenTelemetry
{
    /// <summary>
    /// Shares telemetry between the worker and its host, so that nothing is reported twice: the host reports requests, the worker the rest. This
    /// runtime is both, so it reports requests too.
    /// </summary>
    /// <param name="builder">The app's telemetry.</param>
    public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .WithTracing(tracing => tracing.AddAspNetCoreInstrumentation())
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation());
    }
}
