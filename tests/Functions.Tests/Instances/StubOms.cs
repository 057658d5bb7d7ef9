using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Instances;

/// <summary>OMS as far as customers, wallets and webhook endpoints go, in memory: a key repeated is answered as before.</summary>
internal sealed class StubOms(TimeProvider clock) : HttpMessageHandler
{
    private static readonly System.Diagnostics.Metrics.IMeterFactory Meters =
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Sent, JsonObject Answer)> _keys = [];

    public List<JsonObject> Customers { get; } = [];

    public List<JsonObject> Wallets { get; } = [];

    public List<JsonObject> Endpoints { get; } = [];

    /// <summary>Bodies of the changes of customers.</summary>
    public List<string> Updates { get; } = [];

    /// <summary>The app's client of it; each call is a point where others may come first.</summary>
    public OmsClient Client() => new(
        new HttpClient(new IdempotencyKeyHandler { InnerHandler = new Interleaving.Gate { InnerHandler = this } })
        {
            BaseAddress = new Uri("https://oms.example/"),
        },
        new OmsCalls(NullLogger<OmsCalls>.Instance, Meters, clock));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var path = request.RequestUri!.AbsolutePath.Trim('/').Split('/');
        lock (_lock)
        {
            if (request.Method != HttpMethod.Post)
                return Answer(request.Method.Method, path, request.RequestUri.Query, body);
            var key = request.Headers.GetValues(IdempotencyKeyHandler.Header).Single();
            var sent = request.RequestUri.AbsolutePath + body;
            if (_keys.TryGetValue(key, out var before))
                return before.Sent == sent
                    ? Json(HttpStatusCode.Created, before.Answer)
                    : Json(HttpStatusCode.UnprocessableEntity, Code("idempotency_key_reused"));
            var made = Make(path, JsonNode.Parse(body)!.AsObject());
            _keys[key] = (sent, made);
            return Json(HttpStatusCode.Created, made);
        }
    }

    private HttpResponseMessage Answer(string method, string[] path, string query, string body)
    {
        switch (method, path)
        {
            case ("GET", ["customers"]):
                var externalId = System.Web.HttpUtility.ParseQueryString(query)["externalId"];
                return Page(Customers.Where(customer => (string?)customer["externalId"] == externalId));
            case ("GET", ["customers", _, "wallets"]):
                return Page(Wallets.Where(wallet => (string?)wallet["customerId"] == path[1]));
            case ("GET", ["customers", _]):
                return One(Customers, path[1]);
            case ("PATCH", ["customers", _]):
                Updates.Add(body);
                return One(Customers, path[1]);
            case ("GET", ["webhooks"]):
                return Page(Endpoints.Select(WithoutSecret));
            case ("GET", ["webhooks", _]):
                return One(Endpoints, path[1]);
            case ("DELETE", ["webhooks", _]):
                var deleted = One(Endpoints, path[1]);
                Endpoints.RemoveAll(endpoint => (string)endpoint["id"]! == path[1]);
                return deleted;
            default:
                throw new InvalidOperationException($"{method} {string.Join('/', path)} is not expected here.");
        }
    }

    private JsonObject Make(string[] path, JsonObject sent)
    {
        var made = path switch
        {
            ["customers"] => Fixture.Node("resources/customer.active.json").AsObject(),
            ["customers", _, "wallets"] => Fixture.Node("resources/wallet.json").AsObject(),
            _ => new JsonObject { ["url"] = sent["url"]!.DeepClone(), ["enabled"] = true, ["status"] = "active" },
        };
        var all = path switch { ["customers"] => Customers, ["webhooks"] => Endpoints, _ => Wallets };
        made["id"] = $"{path[^1][..3]}_{_keys.Count}";
        made["createdAt"] = clock.GetUtcNow().ToString("O");
        foreach (var member in (string[])["externalId", "metadata"])
            if (path is ["customers"])
                made[member] = sent[member]?.DeepClone();
        if (path is ["customers", _, _])
            made["customerId"] = path[1];
        if (path is ["webhooks"])
            made["secret"] = $"whsec_{made["id"]}";
        all.Add(made);
        return made;
    }

    private static JsonObject WithoutSecret(JsonObject endpoint)
    {
        var copy = endpoint.DeepClone().AsObject();
        copy.Remove("secret");
        return copy;
    }

    private static HttpResponseMessage One(List<JsonObject> all, string id)
        => all.Find(each => (string)each["id"]! == id) is { } found
            ? Json(HttpStatusCode.OK, found)
            : Json(HttpStatusCode.NotFound, JsonNode.Parse(Fixture.Text("errors/404.not_found.json"))!.AsObject());

    private static HttpResponseMessage Page(IEnumerable<JsonObject> items) => Json(
        HttpStatusCode.OK, new JsonObject { ["data"] = new JsonArray([.. items.Select(item => item.DeepClone())]), ["hasMore"] = false });

    private static JsonObject Code(string code) => new() { ["code"] = code, ["message"] = code };

    private static HttpResponseMessage Json(HttpStatusCode status, JsonObject body)
        => new(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
}
