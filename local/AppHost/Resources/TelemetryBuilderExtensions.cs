namespace OmsWorkflows.Local.AppHost.Resources;

internal static class TelemetryBuilderExtensions
{
    /// <summary>Has a program send traces, logs and metrics to the dashboard, if there is one.</summary>
    public static IResourceBuilder<T> WithTelemetry<T>(this IResourceBuilder<T> resource, Run run) where T : IResourceWithEnvironment
        => run.HasDashboard ? resource.WithOtlpExporter() : resource;
}
