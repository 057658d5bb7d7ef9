using OpenTelemetry;
using OpenTelemetry.Trace;

namespace OmsWorkflows.Local.FunctionsHost;

/// <summary>
/// Exports what the host adds to a trace, as the Functions host does with <c>"telemetryMode": "OpenTelemetry"</c>: the HTTP request,
/// orchestrations and their activities. Without these the spans of the worker would have no parents.
/// </summary>
internal static class HostTelemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Of the Durable extension and of the engine below it.</summary>
    private static readonly string[] Durable = ["WebJobs.Extensions.DurableTask", "DurableTask.Core"];

    /// <summary>Begins to export over OTLP; <see langword="null"/> if no collector is named. Disposing it sends what is left.</summary>
    public static TracerProvider? Start(IConfiguration settings) => string.IsNullOrEmpty(settings[Endpoint])
        ? null
        : Sdk.CreateTracerProviderBuilder()
            .AddSource(Durable)
            .AddAspNetCoreInstrumentation(requests => requests.Filter = IsOfAUser)
            .AddOtlpExporter()
            .Build();

    /// <summary>Workers call over gRPC, on one connection that never ends; whoever asks for health would fill the list of traces.</summary>
    private static bool IsOfAUser(HttpContext context)
        => context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true
            && !context.Request.Path.StartsWithSegments("/api/health", StringComparison.Ordinal);
}
