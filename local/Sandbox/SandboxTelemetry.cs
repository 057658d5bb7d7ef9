using OmsWorkflows.Local.Sandbox.Http;
using OpenTelemetry.Trace;

namespace OmsWorkflows.Local.Sandbox;

/// <summary>The sandbox's part of a trace, if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a collector: calls taken, webhooks sent.</summary>
internal static class SandboxTelemetry
{
    public static void AddSandboxTelemetry(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing
            .AddAspNetCoreInstrumentation(requests => requests.Filter = ApiPath.IsApi)
            .AddHttpClientInstrumentation()
            .AddOtlpExporter());
    }
}
