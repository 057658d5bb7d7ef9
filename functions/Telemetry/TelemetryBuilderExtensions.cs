using Azure.Core;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace OmsWorkflows.Telemetry;

/// <summary>Sets up what is measured, traced and logged.</summary>
public static class TelemetryBuilderExtensions
{
    /// <summary>
    /// Adds the app's metrics and log levels, and exports traces, metrics and logs: over OTLP if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is
    /// set, and to Azure Monitor if <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is.
    /// </summary>
    /// <remarks>
    /// Requests are reported by what hosts the functions, not here: the Functions host does so on its own, and would hand over the log
    /// entries of the app as well if it were not told to leave them alone
    /// (<see cref="ConfigureFunctionsOpenTelemetry.UseFunctionsWorkerDefaults"/>).
    /// </remarks>
    public static IHostApplicationBuilder AddTelemetry(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddLogLevels();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<AppMetrics>();
        var toOtlp = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var azureMonitor = builder.Configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"];
        var credential = builder.Services.FirstOrDefault(
            service => service.ServiceType == typeof(TokenCredential))?.ImplementationInstance as TokenCredential;
        var telemetry = builder.Services.AddOpenTelemetry().UseFunctionsWorkerDefaults();
        // Spans that nobody gets are not recorded: some cost a read of their own (docs/decisions/0015-reads-that-do-not-scan.md).
        if (toOtlp || !string.IsNullOrEmpty(azureMonitor))
            telemetry.WithTracing(tracing =>
            {
                tracing.AddSource(AppTelemetry.Name + "*", "Microsoft.DurableTask").AddHttpClientInstrumentation();
                if (toOtlp)
                    tracing.AddOtlpExporter();
                if (!string.IsNullOrEmpty(azureMonitor))
                    tracing.AddAzureMonitorTraceExporter(exporter => exporter.ConnectionString = azureMonitor, credential);
            });
        telemetry
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(AppTelemetry.Name + "*").AddHttpClientInstrumentation();
                if (toOtlp)
                    metrics.AddOtlpExporter();
                if (!string.IsNullOrEmpty(azureMonitor))
                    metrics.AddAzureMonitorMetricExporter(exporter => exporter.ConnectionString = azureMonitor, credential);
            })
            .WithLogging(
                logging =>
                {
                    if (toOtlp)
                        logging.AddOtlpExporter();
                    if (!string.IsNullOrEmpty(azureMonitor))
                        logging.AddAzureMonitorLogExporter(exporter =>
                        {
                            exporter.ConnectionString = azureMonitor;
                            // Alerts are counted from log entries: none may go missing because its trace was not sampled.
                            exporter.EnableTraceBasedLogsSampler = false;
                        }, credential);
                },
                entries => entries.IncludeFormattedMessage = true);
        return builder;
    }
}
