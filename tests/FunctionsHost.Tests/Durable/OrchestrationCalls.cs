using System.Text.Json.Nodes;
using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Durable;

/// <summary>The sample app's endpoints for orchestrations.</summary>
internal static class OrchestrationCalls
{
    public static async Task<string> StartOrchestrationAsync(this HostProcess host, string name, string input)
    {
        var id = $"{name}-{Guid.NewGuid():N}".ToLowerInvariant();
        using var response = await host.PostAsync($"/v1/orchestrations/{name}/{id}", input);
        response.IsSuccessStatusCode.Should().BeTrue("{0}", response.StatusCode);
        return id;
    }

    /// <summary>Reads the instance until it is as wanted.</summary>
    public static async Task<JsonNode> UntilAsync(this HostProcess host, string id, Func<JsonNode, bool> condition)
    {
        JsonNode? instance = null;
        await Until.TrueAsync($"{id} is as wanted", async () =>
        {
            using var response = await host.GetAsync($"/v1/orchestrations/{id}");
            instance = response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync()) : null;
            return instance is not null && condition(instance);
        });
        return instance!;
    }

    public static string? Text(this JsonNode? node, string member)
        => node?[member]?.ToString() is { } text and not "null" ? text : null;
}
