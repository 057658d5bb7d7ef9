using OmsWorkflows.Local.AppHost.Calls;

namespace OmsWorkflows.Local.AppHost.Resources;

/// <summary>The app as it is deployed, a worker process under the local Functions host.</summary>
internal sealed class AppResource(string name) : ExecutableResource(name, Programs.Dotnet, Programs.App), IResourceWithEndpoints
{
    public EndpointReference Http => new(this, "http");
}

internal static class AppBuilderExtensions
{
    private const string GraceSeconds = "3";

    /// <summary>Adds the app; what it keeps lies in the run's folder.</summary>
    public static IResourceBuilder<AppResource> AddApp(this IDistributedApplicationBuilder builder, string name, Run run)
    {
        var app = new AppResource(name);
        return builder.AddResource(app)
            .WithHttpEndpoint(name: app.Http.EndpointName, isProxied: false)
            .WithArgs(
                Programs.FunctionsHost, "--app", Programs.App, "--port", app.Http.Property(EndpointProperty.TargetPort),
                "--database", Path.Combine(run.Folder, "durable.db"), "--keys", run.Keys.File, "--grace", GraceSeconds)
            .WithEnvironment("Secrets__File", Path.Combine(run.Folder, "secrets.json"))
            .WithEnvironment("DataProtection__Directory", Path.Combine(run.Folder, "data-protection"))
            .WithEnvironment("Webhooks__PublicUrl", ReferenceExpression.Create($"{app.Http}/api/webhooks/oms"))
            .WithTelemetry(run)
            .WithHttpHealthCheck($"/api/health/ready?code={run.Keys.Function}")
            .WithUrlForEndpoint(app.Http.EndpointName, url =>
            {
                url.DisplayText = "Console";
                url.Url += "/api/console";
            })
            .WithIconName("Flash");
    }

    /// <summary>Where OMS is, and the key it takes.</summary>
    public static IResourceBuilder<AppResource> WithOms(
        this IResourceBuilder<AppResource> app, IResourceBuilder<SandboxResource> oms, SandboxKey key)
        => app.WithEnvironment("Oms__BaseUrl", oms.Resource.Http)
            .WithEnvironment("Oms__ApiKey", key.ApiKey)
            .WithEnvironment("Oms__ApiSecret", key.ApiSecret)
            .WithRelationship(oms.Resource, "asks");

    /// <summary>Who is told every milestone.</summary>
    public static IResourceBuilder<AppResource> WithNotifications(
        this IResourceBuilder<AppResource> app, IResourceBuilder<ReceiverResource> receiver, string secret)
        => app.WithEnvironment("Notifications__Endpoints__team", ReferenceExpression.Create($"{receiver.Resource.Http}/told"))
            .WithEnvironment("Notifications__CurrentSecret", secret)
            .WithRelationship(receiver.Resource, "tells");

    /// <summary>Where the tables are, and the orchestrations if they are to be there too.</summary>
    public static IResourceBuilder<AppResource> WithStorage(
        this IResourceBuilder<AppResource> app, IResourceBuilder<AzuriteResource> azurite, Store store)
    {
        app.WithEnvironment("Tables__ConnectionString", azurite)
            .WithRelationship(azurite.Resource, "keeps its tables in")
            .WaitFor(azurite);
        if (store == Store.Azurite)
        {
            app.WithEnvironment("AzureFunctionsJobHost__extensions__durableTask__storageProvider__type", "AzureStorage")
                .WithEnvironment("TaskHubStorage", azurite);
        }

        return app;
    }

    /// <summary>Has OMS deliver to the app, as an operator would: through the app's own API, once it is ready.</summary>
    public static IResourceBuilder<AppResource> WithWebhookRegistered(this IResourceBuilder<AppResource> app, AppKeys keys)
        => app.OnResourceReady(async (resource, _, cancellationToken) =>
        {
            using var api = new AppApi(resource.Http.Url, keys.Function);
            await api.RegisterWebhookAsync(cancellationToken);
        });
}
