namespace OmsWorkflows.Local.AppHost.Resources;

/// <summary>
/// A system of the team's own that is told every milestone: the sample receiver. Its log is what it was told, as it comes.
/// </summary>
internal sealed class ReceiverResource(string name)
    : ExecutableResource(name, Programs.Dotnet, Path.GetDirectoryName(Programs.Receiver)!), IResourceWithEndpoints
{
    public EndpointReference Http => new(this, "http");
}

internal static class ReceiverBuilderExtensions
{
    /// <summary>Adds the receiver with the secret it verifies by.</summary>
    public static IResourceBuilder<ReceiverResource> AddReceiver(this IDistributedApplicationBuilder builder, string name, Run run)
    {
        var receiver = new ReceiverResource(name);
        return builder.AddResource(receiver)
            .WithHttpEndpoint(name: receiver.Http.EndpointName, isProxied: false)
            .WithArgs(Programs.Receiver, "--urls", receiver.Http.Property(EndpointProperty.Url))
            .WithEnvironment("Receiver__Secret", run.NotificationSecret)
            .WithEnvironment("Receiver__File", Path.Combine(run.Folder, $"{name}-told.jsonl"))
            .WithIconName("MailInbox");
    }
}
