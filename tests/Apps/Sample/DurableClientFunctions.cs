using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.SampleApp;

/// <summary>Orchestrations over HTTP, through the client that the host describes.</summary>
public sealed class DurableClientFunctions
{
    [Function(nameof(Start))]
    public async Task<IResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "orchestrations/{name}/{id}")] HttpRequest request,
        string name, string id,
        [DurableClient] DurableTaskClient client)
    {
        using var reader = new StreamReader(request.Body);
        await client.ScheduleNewOrchestrationInstanceAsync(name, await reader.ReadToEndAsync(), new StartOrchestrationOptions(id));
        return Results.Accepted();
    }

    [Function(nameof(Raise))]
    public async Task<IResult> Raise(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "orchestrations/{id}/events/{name}")] HttpRequest request,
        string id, string name,
        [DurableClient] DurableTaskClient client)
    {
        using var reader = new StreamReader(request.Body);
        await client.RaiseEventAsync(id, name, await reader.ReadToEndAsync());
        return Results.Accepted();
    }

    [Function(nameof(Read))]
    public async Task<IResult> Read(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "orchestrations/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client)
        => await client.GetInstanceAsync(id, getInputsAndOutputs: true) is { } found
            ? Results.Json(new
            {
                status = $"{found.RuntimeStatus}",
                output = found.SerializedOutput,
                custom = found.SerializedCustomStatus,
            })
            : Results.NotFound();
}
