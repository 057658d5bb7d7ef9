using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Local.Runtime.Worker;

namespace OmsWorkflows.Runtime.Tests.Worker;

public sealed class FunctionCatalogTests
{
    [Theory]
    [InlineData(nameof(Bad.NoTrigger), "0 trigger parameters")]
    [InlineData(nameof(Bad.TwoTriggers), "2 trigger parameters")]
    [InlineData(nameof(Bad.WrongRequest), "'body' of a [HttpTrigger] must be a HttpRequest")]
    [InlineData(nameof(Bad.WrongContext), "'context' of a [OrchestrationTrigger] must be a TaskOrchestrationContext")]
    [InlineData(nameof(Bad.NotInRoute), "'id' of type String is neither in the route")]
    [InlineData(nameof(Bad.Service), "'http' of type HttpClient is neither in the route")]
    [InlineData(nameof(Bad.WrongClient), "'client' of a [DurableClient] must be a DurableTaskClient")]
    [InlineData(nameof(Bad.OtherHub), "names task hub 'other'")]
    [InlineData(nameof(Bad.NotAwaited), "not ValueTask")]
    public void A_function_that_cannot_be_bound_is_refused_by_name(string method, string why)
        => FluentActions.Invoking(() => FunctionCatalog.Describe("Fn", typeof(Bad).GetMethod(method)!))
            .Should().Throw<InvalidOperationException>().Which.Message.Should().StartWith("Function 'Fn' cannot be loaded: ").And.Contain(why);

    [Fact]
    public void The_functions_of_an_assembly_are_found_by_attribute()
        => FunctionCatalog.Find(typeof(SampleFunctions).Assembly).Select(function => function.Name).Should().Contain(["Echo", "Greeting", "Greet"]).And.BeInAscendingOrder(StringComparer.Ordinal);

    public static class Bad
    {
        public static void NoTrigger(string name) => _ = name;

        public static void TwoTriggers([ActivityTrigger] string a, [ActivityTrigger] string b) => _ = (a, b);

        public static void WrongRequest([HttpTrigger(AuthorizationLevel.Anonymous)] string body) => _ = body;

        public static void WrongContext([OrchestrationTrigger] string context) => _ = context;

        public static void NotInRoute([HttpTrigger(AuthorizationLevel.Anonymous, Route = "x/{other}")] HttpRequest request, string id) => _ = (request, id);

        public static void Service([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, HttpClient http) => _ = (request, http);

        public static void WrongClient([ActivityTrigger] string input, [DurableClient] string client) => _ = (input, client);

        public static void OtherHub([ActivityTrigger] string input, [DurableClient(TaskHub = "other")] DurableTaskClient client) => _ = (input, client);

        public static ValueTask NotAwaited([OrchestrationTrigger] TaskOrchestrationContext context) => new(context.CallActivityAsync("x"));
    }
}
