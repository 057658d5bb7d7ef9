using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Moq;

namespace OmsWorkflows.Functions.Tests.Http;

/// <summary>A function that is called, as what stands before it sees it.</summary>
internal sealed class Invoked
{
    /// <summary>Where the worker keeps the request.</summary>
    private const string HttpContextKey = "HttpRequestContext";

    private static readonly ServiceProvider Services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();

    private readonly StartingResponse _response = new();

    private Invoked(string function, bool isRequest)
    {
        Http = new DefaultHttpContext { RequestServices = Services, Response = { Body = new MemoryStream() } };
        var body = Http.Response.Body;
        Http.Features.Set<IHttpResponseFeature>(_response);
        Http.Response.Body = body;
        var definition = new Mock<FunctionDefinition>();
        definition.Setup(d => d.Name).Returns(function);
        var context = new Mock<FunctionContext>();
        context.Setup(c => c.FunctionDefinition).Returns(definition.Object);
        context.Setup(c => c.Items).Returns(isRequest ? new Dictionary<object, object> { [HttpContextKey] = Http } : []);
        Context = context.Object;
    }

    public FunctionContext Context { get; }

    public DefaultHttpContext Http { get; }

    public JsonNode Body => JsonNode.Parse(((MemoryStream)Http.Response.Body).ToArray())!;

    /// <summary>Called over HTTP.</summary>
    public static Invoked ByRequest(string function) => new(function, isRequest: true);

    /// <summary>Called by the engine or a timer.</summary>
    public static Invoked Otherwise(string function) => new(function, isRequest: false);

    /// <summary>The answer leaves: what was to be done before is done.</summary>
    public Task StartAsync() => _response.StartAsync();

    private sealed class StartingResponse : HttpResponseFeature
    {
        private readonly Stack<(Func<object, Task> Callback, object State)> _callbacks = new();

        public override void OnStarting(Func<object, Task> callback, object state) => _callbacks.Push((callback, state));

        public async Task StartAsync()
        {
            while (_callbacks.TryPop(out var next))
                await next.Callback(next.State);
        }
    }
}
