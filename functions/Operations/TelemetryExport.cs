using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OmsWorkflows.Operations;

/// <summary>Traces, metrics and logs through OpenTelemetry.</summary>
public static class TelemetryExport
{
    /// <summary>Exports over OTLP if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, and to Azure Monitor if <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is.</summary>
    /// <param name="builder">The app's builder.</param>
    public static IHostApplicationBuilder AddTelemetry(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var toOtlp = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var azureMonitor = builder.Configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"];
        var credential = builder.Services.FirstOrDefault(service => service.ServiceType == typeof(Azure.Core.TokenCredential))?.ImplementationInstance as Azure.Core.TokenCredential;
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing =>
            {
                tracing.AddSource(Telemetry.Name + "*", "Microsoft.DurableTask").AddAspNetCoreInstrumentation().AddHttpClientInstrumentation();
                if (toOtlp)
                    tracing.AddOtlpExporter();
                if (!string.IsNullOrEmpty(azureMonitor))
                    tracing.AddAzureMonitorTraceExporter(exporter => exporter.ConnectionString = azureMonitor, credential);
            })
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Telemetry.Name + "*").AddAspNetCoreInstrumentation().AddHttpClientInstrumentation();
                if (toOtlp)
                    metrics.AddOtlpExporter();
                if (!string.IsNullOrEmpty(azureMonitor))
                    metrics.AddAzureMonitorMetricExporter(exporter => exporter.ConnectionString = azureMonitor, credential);
            })
            // The alerts ask for log events by their ids, which the console's lines do not carry to Azure Monitor.
            .WithLogging(logging =>
            {
                if (toOtlp)
                    logging.AddOtlpExporter();
                if (!string.IsNullOrEmpty(azureMonitor))
                    logging.AddAzureMonitorLogExporter(exporter => exporter.ConnectionString = azureMonitor, credential);
            });
        return builder;
    }
}
