namespace OmsWorkflows.Local.AppHost.Resources;

/// <summary>OMS, played by the sandbox (docs/sandbox.md).</summary>
internal sealed class SandboxResource(string name)
    : ExecutableResource(name, Programs.Dotnet, Path.GetDirectoryName(Programs.Sandbox)!), IResourceWithEndpoints
{
    public EndpointReference Http => new(this, "http");
}

internal static class SandboxBuilderExtensions
{
    /// <summary>Adds the sandbox with the one key it takes.</summary>
    public static IResourceBuilder<SandboxResource> AddSandbox(
        this IDistributedApplicationBuilder builder, string name, Run run)
    {
        var sandbox = new SandboxResource(name);
        return builder.AddResource(sandbox)
            .WithHttpEndpoint(name: sandbox.Http.EndpointName, isProxied: false)
            .WithArgs(Programs.Sandbox, "--urls", sandbox.Http.Property(EndpointProperty.Url))
            .WithEnvironment("Sandbox__ApiKey", run.Key.ApiKey)
            .WithEnvironment("Sandbox__ApiSecret", run.Key.ApiSecret)
            .WithEnvironment("Sandbox__ApiVersion", run.ApiVersion)
            .WithEnvironment("Sandbox__CodeLifetime", run.CodeLifetime)
            .WithEnvironment("Sandbox__ExpirySweep", "00:00:01")
            .WithTelemetry(run)
            .WithHttpHealthCheck("/_sim/clock")
            .WithUrlForEndpoint(sandbox.Http.EndpointName, url => url.DisplayText = "Till and control room")
            .WithIconName("BuildingBank");
    }
}
