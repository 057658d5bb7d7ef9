using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>The tables' account does not answer any more, and every function of the API is called.</summary>
public sealed partial class TablesGoneTests : LocalMachine
{
    private static readonly string[] Methods = ["get", "post", "patch", "delete"];

    /// <summary>What the document asks for, beside its examples of bodies.</summary>
    private static readonly Dictionary<string, string> Samples = new()
    {
        ["outcome"] = "Delivered",
        ["reference"] = "T-1",
        ["reason"] = "tables are gone",
        ["resourceId"] = "ci_1",
        ["deliveryId"] = "whd_1",
        ["instanceId"] = "ci-1",
        ["endpoint"] = "orders",
        ["from"] = "2026-06-10T00:00:00Z",
        ["provider"] = "greendot",
        ["latitude"] = "40.7",
        ["longitude"] = "-73.9",
    };

    /// <summary>Answered without them: by the process itself, by OMS, or refused before they are asked.</summary>
    private static readonly string[] WithoutTables =
    [
        "live", "listCashLocations", "listExternalAccounts", "getVirtualAccount", "openVirtualAccount",
        "pauseWebhookEndpoint", "resumeWebhookEndpoint", "receiveOmsWebhook",
    ];

    internal override MachineSettings Settings
        => new() { App = new Dictionary<string, string> { ["Notifications:Endpoints:orders"] = "https://orders.example" } };

    [Fact]
    public async Task Every_function_answers_503_with_Retry_After_or_needs_no_tables()
    {
        await Machine.Azurite.KillAsync();
        using var http = new HttpClient { BaseAddress = new Uri(Machine.App.Url), Timeout = Limits.Wait };
        http.DefaultRequestHeaders.Add("x-functions-key", Machine.App.FunctionKey);
        var document = JsonNode.Parse(await http.GetStringAsync("/api/openapi.json"))!;
        var calls = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Where(operation => Methods.Contains(operation.Key))
                .Select(operation => (Path: path.Key, Method: operation.Key, Operation: operation.Value!.AsObject()))).ToList();

        var answers = await Task.WhenAll(calls.Select(async call =>
        {
            using var request = Request(call.Path, call.Method, call.Operation);
            using var response = await http.SendAsync(request);
            var id = call.Operation["operationId"]!.GetValue<string>();
            return (Id: id, response.StatusCode, After: response.Headers.RetryAfter?.ToString());
        }));

        answers.Should().HaveCountGreaterThan(50);
        answers.Where(answer => answer.StatusCode != HttpStatusCode.ServiceUnavailable).Select(answer => answer.Id)
            .Should().BeEquivalentTo(WithoutTables);
        answers.Should().OnlyContain(answer => answer.StatusCode != HttpStatusCode.InternalServerError)
            .And.OnlyContain(answer => answer.StatusCode != HttpStatusCode.ServiceUnavailable || answer.After == "5");
    }

    /// <summary>A request that is right as far as the document says.</summary>
    private static HttpRequestMessage Request(string path, string method, JsonObject operation)
    {
        var query = (operation["parameters"]?.AsArray() ?? [])
            .Where(parameter => parameter!["in"]!.GetValue<string>() == "query" && parameter["required"]?.GetValue<bool>() == true)
            .Select(parameter => parameter!["name"]!.GetValue<string>()).Select(name => $"{name}={Uri.EscapeDataString(Samples[name])}");
        var request = new HttpRequestMessage(
            new HttpMethod(method.ToUpperInvariant()), $"{InBraces().Replace(path, "id_1")}?{string.Join('&', query)}");
        request.Headers.Add("Idempotency-Key", $"tables-gone-{Guid.NewGuid():N}");
        if (operation["requestBody"] is { } body)
            request.Content = JsonContent.Create(body["content"]!["application/json"]!["example"]);
        return request;
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex InBraces();
}
