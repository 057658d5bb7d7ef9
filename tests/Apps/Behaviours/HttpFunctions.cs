using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.BehavioursApp;

/// <summary>What the tests need to talk with the app.</summary>
public sealed class HttpFunctions(BehaviourTasks tasks)
{
    /// <summary>From now on the tasks of this behaviour are run.</summary>
    [Function(nameof(Choose))]
    public IResult Choose([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "behaviours/{name}")] HttpRequest request, string name)
        => tasks.Choose(name) ? Results.Ok() : Results.NotFound();

    /// <summary>What the host says of the durable client: where the engine is called, so that the tests can have a client.</summary>
    [Function(nameof(Client))]
    public IResult Client(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "client")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        FunctionContext context)
    {
        // The worker keeps what the host sent to itself.
        var bindings = context.Features.Single(feature => feature.Key.Name == "IFunctionBindingsFeature").Value;
        var inputs = (IReadOnlyDictionary<string, object?>)bindings.GetType().GetProperty("InputData")!.GetValue(bindings)!;
        return Results.Text($"{inputs[nameof(client)]}");
    }
}
