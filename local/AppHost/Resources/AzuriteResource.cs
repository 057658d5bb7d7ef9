
namespace OmsWorkflows.Local.AppHost.Resources;

/// <summary>The storage emulator, in memory. Its program comes from npm with a build.</summary>
internal sealed class AzuriteResource(string name)
    : ExecutableResource(name, "node", Programs.Repository), IResourceWithConnectionString, IResourceWithEndpoints
{
    /// <summary>The emulator's account and key, which are published and the same everywhere.</summary>
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private const string Credentials = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};";

    public EndpointReference Blobs => new(this, "blob");

    public EndpointReference Queues => new(this, "queue");

    public EndpointReference Tables => new(this, "table");

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"{Credentials}BlobEndpoint={Of(Blobs)};QueueEndpoint={Of(Queues)};TableEndpoint={Of(Tables)};");

    private static ReferenceExpression Of(EndpointReference service)
        => ReferenceExpression.Create($"{service.Property(EndpointProperty.Url)}/{Account}");
}

internal static class AzuriteBuilderExtensions
{
    private static string Program => Path.Combine(Programs.Repository, "node_modules", "azurite", "dist", "src", "azurite.js");

    /// <summary>Adds Azurite with its three services.</summary>
    public static IResourceBuilder<AzuriteResource> AddAzurite(this IDistributedApplicationBuilder builder, string name)
    {
        var azurite = new AzuriteResource(name);
        return builder.AddResource(azurite)
            .WithHttpEndpoint(name: azurite.Blobs.EndpointName, isProxied: false)
            .WithHttpEndpoint(name: azurite.Queues.EndpointName, isProxied: false)
            .WithHttpEndpoint(name: azurite.Tables.EndpointName, isProxied: false)
            .WithArgs(
                Program, "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
                "--blobPort", azurite.Blobs.Property(EndpointProperty.TargetPort),
                "--queuePort", azurite.Queues.Property(EndpointProperty.TargetPort),
                "--tablePort", azurite.Tables.Property(EndpointProperty.TargetPort))
            // The last of the three to start; a request that asks for nothing is refused.
            .WithHttpHealthCheck(() => azurite.Tables, "/", statusCode: 400)
            .WithIconName("Database");
    }
}
