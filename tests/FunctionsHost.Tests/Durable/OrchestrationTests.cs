using System.Net;
using System.Text.Json.Nodes;
using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Durable;

/// <summary>Orchestrations of the sample app, from its own endpoints and from the management API.</summary>
public sealed class OrchestrationTests(SampleHost sample) : IClassFixture<SampleHost>
{
    private readonly HostProcess _host = sample.Host;

    [Fact]
    public async Task Orchestration_ActivitySubOrchestrationTimerAndEvent_RunsToItsEnd()
    {
        var id = await _host.StartOrchestrationAsync("Journey", "World");
        var waiting = await _host.UntilAsync(id, instance => instance.Text("custom") is not null);
        waiting.Text("status").Should().Be("Running");
        waiting.Text("custom").Should().Contain("an answer");

        using var raised = await _host.PostAsync($"/v1/orchestrations/{id}/events/answer", "yes");
        var done = await _host.UntilAsync(id, instance => instance.Text("status") == "Completed");

        var greeting = $"Hello World of {id}";
        done.Text("output").Should().Be($"\"{greeting} ({greeting.Length}): yes\"");
    }

    [Fact]
    public async Task Orchestration_ActivityThrows_TheOrchestratorSeesTypeAndMessage()
    {
        var id = await _host.StartOrchestrationAsync("Fails", "");

        var done = await _host.UntilAsync(id, instance => instance.Text("status") == "Completed");

        done.Text("output").Should().Be("\"System.InvalidOperationException: no luck\"");
    }

    [Fact]
    public async Task Orchestration_UnknownName_EndsAsFailedAndSaysSo()
    {
        var id = await _host.StartOrchestrationAsync("Nowhere", "");

        var done = await _host.UntilAsync(id, instance => instance.Text("status") == "Failed");

        done.Text("output").Should().Contain("Nowhere", "what it fails with names it: {0}", done);
    }

    [Fact]
    public async Task ManagementApi_StartRaiseQueryTerminatePurge_DoesWhatTheExtensionPublishes()
    {
        var started = await CallAsync(HttpMethod.Post, $"orchestrators/Journey/managed-{Guid.NewGuid():N}", "\"World\"");
        started.Status.Should().Be(HttpStatusCode.Accepted);
        var links = JsonNode.Parse(started.Body)!;
        var id = links.Text("id")!;
        links.Text("statusQueryGetUri").Should().StartWith($"{_host.Url}/runtime/webhooks/durabletask/instances/{id}?");
        await _host.UntilAsync(id, instance => instance.Text("custom") is not null);

        (await CallAsync(HttpMethod.Post, $"instances/{id}/raiseEvent/answer", "\"managed\"")).Status.Should().Be(HttpStatusCode.Accepted);
        await _host.UntilAsync(id, instance => instance.Text("status") == "Completed");
        using var byLink = await _host.Http.GetAsync(links.Text("statusQueryGetUri"));
        JsonNode.Parse(await byLink.Content.ReadAsStringAsync()).Text("output").Should().EndWith(": managed");
        (await CallAsync(HttpMethod.Delete, $"instances/{id}")).Status.Should().Be(HttpStatusCode.OK);
        (await CallAsync(HttpMethod.Get, $"instances/{id}")).Status.Should().Be(HttpStatusCode.NotFound);

        var other = await _host.StartOrchestrationAsync("Journey", "World");
        await _host.UntilAsync(other, instance => instance.Text("custom") is not null);
        (await CallAsync(HttpMethod.Post, $"instances/{other}/terminate?reason=enough")).Status.Should().Be(HttpStatusCode.Accepted);
        await _host.UntilAsync(other, instance => instance.Text("status") == "Terminated");
        var listed = await CallAsync(HttpMethod.Get, "instances?runtimeStatus=Terminated");
        JsonNode.Parse(listed.Body)!.AsArray().Select(instance => instance.Text("instanceId")).Should().Contain(other).And.NotContain(id);
    }

    private async Task<(HttpStatusCode Status, string Body)> CallAsync(HttpMethod method, string path, string? body = null)
    {
        var request = new HttpRequestMessage(method, $"/runtime/webhooks/durabletask/{path}");
        request.Headers.Add("x-functions-key", _host.SystemKey);
        if (body is not null)
            request.Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var response = await _host.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
