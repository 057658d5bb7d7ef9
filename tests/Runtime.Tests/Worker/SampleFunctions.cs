using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Runtime.Tests.Worker;

/// <summary>A service the functions get through their constructor.</summary>
public sealed class Greeter
{
    private readonly string _word = "Hello";

    public string Greet(string name) => $"{_word} {name}";
}

/// <summary>What <c>POST api/people</c> takes.</summary>
public sealed record Person(string Name);

/// <summary>Functions of every kind the worker half serves.</summary>
public sealed class SampleFunctions(Greeter greeter)
{
    [Function("Echo")]
    public static IResult Echo([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "echo/{id}/{count:int?}")] HttpRequest request, string id, int? count)
        => Results.Text($"{request.Method} {id} {count}");

    [Function("Guarded")]
    public static IResult Guarded([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => Results.Text("in");

    [Function("Administrated")]
    public static IResult Administrated([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => Results.Text("in");

    [Function("People")]
    public IResult People([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "people")] HttpRequest request, [FromBody] Person person)
        => Results.Text(greeter.Greet(person.Name));

    [Function("Broken")]
    public static IResult Broken([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => throw new InvalidOperationException("secret detail");

    [Function("Start")]
    public static async Task<IResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "greetings/{name}")] HttpRequest request,
        string name,
        [DurableClient] DurableTaskClient client,
        FunctionContext context,
        CancellationToken cancellationToken)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync("Greeting", new Person(name), new StartOrchestrationOptions($"greet-{name}"), cancellationToken);
        var ended = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellationToken);
        return Results.Text($"{ended.ReadOutputAs<string>()} by {context.FunctionDefinition.Name}");
    }

    [Function("Greeting")]
    public static async Task<string> Greeting([OrchestrationTrigger] TaskOrchestrationContext context, Person person)
    {
        var same = context.GetInput<Person>();
        var greeting = await context.CallActivityAsync<string>("Greet", person);
        return same == person ? greeting : "the input changed";
    }

    [Function("Greet")]
    public string Greet([ActivityTrigger] Person person, FunctionContext context) => greeter.Greet(person.Name) + (context.Items.ContainsKey("seen") ? "!" : "");
}
