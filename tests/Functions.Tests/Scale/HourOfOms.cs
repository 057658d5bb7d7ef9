using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OmsWorkflows.Functions.Tests.Oms;

namespace OmsWorkflows.Functions.Tests.Scale;

/// <summary>
/// OMS that lists the ten transactions which the span of the test asks for, knows of one that is under way, and knows every customer.
/// </summary>
internal sealed class HourOfOms : HttpMessageHandler
{
    public const string UnderWay = "txn_under_way";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath;
        var answer = path switch
        {
            _ when path.EndsWith("/transactions", StringComparison.Ordinal) => Page(),
            _ when path.EndsWith($"/transactions/{UnderWay}", StringComparison.Ordinal)
                => Of("resources/transaction.fiatToCrypto.processing.json", UnderWay),
            _ when path.Contains("/customers/", StringComparison.Ordinal) => Of("resources/customer.active.json", path.Split('/')[^1]),
            _ => throw new NotSupportedException($"Nobody is to ask for {path}."),
        };
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(answer.ToJsonString(), Encoding.UTF8, "application/json"),
        });
    }

    private static JsonObject Page()
    {
        var data = Enumerable.Range(100, 10).Reverse().Select(JsonNode (number) =>
        {
            var transaction = Of("resources/transaction.fiatToCrypto.completed.json", EndedJourneys.Transaction(number));
            foreach (var time in (string[])["createdAt", "updatedAt", "completedAt"])
                transaction[time] = EndedJourneys.At(number).AddMinutes(1).ToString("O", CultureInfo.InvariantCulture);
            return transaction;
        });
        return new JsonObject { ["data"] = new JsonArray([.. data]), ["hasMore"] = false };
    }

    private static JsonNode Of(string fixture, string id)
    {
        var resource = Fixture.Node(fixture);
        resource["id"] = id;
        return resource;
    }
}
