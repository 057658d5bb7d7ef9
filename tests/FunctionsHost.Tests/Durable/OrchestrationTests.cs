using System.Net;
using System.Text.Json.Nodes;
using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Durable;

/// <summary>Orchestrations of the sample app, from its own endpoints and from the management API.</summary>
public sealed class OrchestrationTests(SampleHost sample) : IClassFixture<SampleHost>
{
    private const string Continuation = "x-ms-continuation-token";

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

    [Fact]
    public async Task ManagementApi_SuspendResumeRestartShowHistory_DoesWhatTheExtensionPublishes()
    {
        var id = await _host.StartOrchestrationAsync("Journey", "World");
        await _host.UntilAsync(id, instance => instance.Text("custom") is not null);

        (await CallAsync(HttpMethod.Post, $"instances/{id}/suspend?reason=later")).Status.Should().Be(HttpStatusCode.Accepted);
        await _host.UntilAsync(id, instance => instance.Text("status") == "Suspended");
        (await CallAsync(HttpMethod.Post, $"instances/{id}/resume?reason=now")).Status.Should().Be(HttpStatusCode.Accepted);
        (await CallAsync(HttpMethod.Post, $"instances/{id}/raiseEvent/answer", "\"go\"")).Status.Should().Be(HttpStatusCode.Accepted);
        await _host.UntilAsync(id, instance => instance.Text("status") == "Completed");
        var shown = await CallAsync(HttpMethod.Get, $"instances/{id}?showHistory=true");
        JsonNode.Parse(shown.Body)!["historyEvents"]!.AsArray().Select(each => each.Text("EventType"))
            .Should().Contain(["ExecutionStarted", "TaskCompleted", "EventRaised", "ExecutionCompleted"]);
        (await CallAsync(HttpMethod.Post, $"instances/{id}/restart?restartWithNewInstanceId=false")).Status
            .Should().Be(HttpStatusCode.Accepted);
        await _host.UntilAsync(id, instance => instance.Text("status") == "Running" && instance.Text("custom") is not null);
        await CallAsync(HttpMethod.Post, $"instances/{id}/terminate?reason=enough");
    }

    [Fact]
    public async Task ManagementApi_ListInPagesAndPurgeByFilter_FindsEachOnceAndRemovesThoseThatEnded()
    {
        var since = Uri.EscapeDataString($"{DateTime.UtcNow:O}");
        var running = await _host.StartOrchestrationAsync("Journey", "World");
        string[] ended = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _host.StartOrchestrationAsync("Five", "")))];
        foreach (var id in ended)
            await _host.UntilAsync(id, instance => instance.Text("status") == "Completed");

        var (listed, token) = (new List<string?>(), "");
        do
        {
            using var page = await SendAsync(HttpMethod.Get, $"instances?top=2&createdTimeFrom={since}", continuation: token);
            var ids = JsonNode.Parse(await page.Content.ReadAsStringAsync())!.AsArray().Select(each => each.Text("instanceId")).ToList();
            ids.Count.Should().BeLessThanOrEqualTo(2);
            listed.AddRange(ids);
            token = page.Headers.TryGetValues(Continuation, out var next) ? next.Single() : "";
        }
        while (token is not ("" or "null"));
        listed.Should().Contain(ended).And.Contain(running).And.OnlyHaveUniqueItems();

        var purged = await CallAsync(HttpMethod.Delete, $"instances?createdTimeFrom={since}&runtimeStatus=Completed");
        JsonNode.Parse(purged.Body)!["instancesDeleted"]!.GetValue<int>().Should().BeGreaterThanOrEqualTo(ended.Length);
        (await CallAsync(HttpMethod.Get, $"instances/{ended[0]}")).Status.Should().Be(HttpStatusCode.NotFound);
        (await CallAsync(HttpMethod.Get, $"instances/{running}")).Status.Should().NotBe(HttpStatusCode.NotFound);
        await CallAsync(HttpMethod.Post, $"instances/{running}/terminate?reason=enough");
    }

    private async Task<(HttpStatusCode Status, string Body)> CallAsync(HttpMethod method, string path, string? body = null)
    {
        using var response = await SendAsync(method, path, body);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string continuation = "")
    {
        var request = new HttpRequestMessage(method, $"/runtime/webhooks/durabletask/{path}");
        request.Headers.Add("x-functions-key", _host.SystemKey);
        if (continuation.Length > 0)
            request.Headers.Add(Continuation, continuation);
        if (body is not null)
            request.Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        return _host.Http.SendAsync(request);
    }
}
