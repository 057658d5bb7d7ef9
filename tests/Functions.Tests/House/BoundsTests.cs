using System.Text.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Http;
using OmsWorkflows.Notifications;
using OmsWorkflows.Oms;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Functions.Tests.House;

/// <summary>What one instance opens at most fits into the files that a process may usually open (docs/operations.md, "Bounds").</summary>
public sealed class BoundsTests
{
    private const int OpenFiles = 1_024;

    /// <summary>Libraries above all, logs, the host's stream, telemetry: 415 were counted in a worker under load.</summary>
    private const int Others = 450;

    private const int Endpoints = 4;

    private static readonly JsonNode Extensions = JsonNode.Parse(
        File.ReadAllText(Path.Combine(Repository.Root, "host.json")),
        documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!["extensions"]!;

    [Fact]
    public void All_connections_of_an_instance_fit_into_1024_open_files()
    {
        var most = Of("http", "maxConcurrentRequests")
            + StorageServiceCollectionExtensions.MaxConnections
            + OmsServiceCollectionExtensions.MaxConnections
            + (Endpoints * NotificationsServiceCollectionExtensions.MaxConnections)
            + Others;

        most.Should().BeLessThan(OpenFiles);
    }

    [Fact]
    public void Each_client_keeps_its_bound()
    {
        using var tables = StorageServiceCollectionExtensions.Handler();
        using var oms = OmsServiceCollectionExtensions.PrimaryHandler();
        using var endpoint = NotificationsServiceCollectionExtensions.Handler();

        tables.MaxConnectionsPerServer.Should().Be(StorageServiceCollectionExtensions.MaxConnections);
        oms.MaxConnectionsPerServer.Should().Be(OmsServiceCollectionExtensions.MaxConnections);
        endpoint.MaxConnectionsPerServer.Should().Be(NotificationsServiceCollectionExtensions.MaxConnections);
    }

    [Fact]
    public void The_host_passes_on_more_than_are_served_so_that_the_rest_is_refused_and_does_not_wait()
        => Of("http", "maxConcurrentRequests").Should().BeGreaterThan(BackPressureOptions.DefaultMaxRequests);

    [Fact]
    public void Every_activity_that_runs_has_a_connection_to_OMS()
        => Of("durableTask", "maxConcurrentActivityFunctions").Should().BeLessThan(OmsServiceCollectionExtensions.MaxConnections);

    private static int Of(string extension, string setting) => Extensions[extension]![setting]!.GetValue<int>();
}
