using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Instances;

/// <summary>OMS in memory, as far as the journeys and the subscription need it: a key repeated is answered as before.</summary>
internal sealed class StubOms(TimeProvider clock) : HttpMessageHandler
{
    private static readonly TimeSpan QuoteLifetime = TimeSpan.FromMinutes(5);

    private static readonly System.Diagnostics.Metrics.IMeterFactory Meters =
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Sent, JsonObject Answer)> _keys = [];

    public List<JsonObject> Customers { get; } = [];

    public List<JsonObject> Wallets { get; } = [];

    public List<JsonObject> Endpoints { get; } = [];

    public List<JsonObject> CashIns { get; } = [];

    public List<JsonObject> Quotes { get; } = [];

    public List<JsonObject> Transactions { get; } = [];

    /// <summary>Told of each request, by method and path.</summary>
    public Action<string> Asked { get; set; } = _ => { };

    /// <summary>How many of the next prices are of another amount than was ordered.</summary>
    public int QuotesThatDiffer { get; set; }

    /// <summary>What the endorsements of a new customer say.</summary>
    public string Endorsement { get; set; } = "ACTIVE";

    /// <summary>Bodies of the changes of customers.</summary>
    public List<string> Updates { get; } = [];

    /// <summary>The app's client of it; each call is a point where others may come first.</summary>
    public OmsClient Client() => new(
        new HttpClient(new IdempotencyKeyHandler { InnerHandler = new Interleaving.Gate { InnerHandler = this } })
        {
            BaseAddress = new Uri("https://oms.example/"),
        },
        new OmsCalls(NullLogger<OmsCalls>.Instance, Meters, clock));

    /// <summary>OMS decides on the endorsements of all customers.</summary>
    public void Decide(string status)
    {
        lock (_lock)
        {
            Endorsement = status;
            foreach (var endorsement in Customers.SelectMany(customer => customer["endorsements"]!.AsArray()))
                endorsement!["status"] = status;
        }
    }

    /// <summary>Cash is taken on a code, whether it ran out or not; false when it was before.</summary>
    public bool PayIn(string cashInId)
    {
        lock (_lock)
        {
            var cashIn = CashIns.Find(each => (string)each["id"]! == cashInId)!;
            if (cashIn["transactionId"] is not null)
                return false;
            var transaction = Fixture.Node("resources/transaction.fiatToCrypto.processing.json").AsObject();
            transaction["id"] = $"txn_{cashInId}";
            transaction["cashInId"] = cashInId;
            transaction["senderCustomerId"] = cashIn["customerId"]!.DeepClone();
            transaction["recipientCustomerId"] = cashIn["customerId"]!.DeepClone();
            transaction["destination"]!["wallet"] = cashIn["destination"]!["wallet"]!.DeepClone();
            transaction["createdAt"] = Now;
            transaction["updatedAt"] = Now;
            Transactions.Add(transaction);
            cashIn["status"] = "processing";
            cashIn["transactionId"] = $"txn_{cashInId}";
            cashIn["source"]!["amount"] = transaction["source"]!["amountGross"]!.DeepClone();
            return true;
        }
    }

    /// <summary>The tokens arrive.</summary>
    public void Settle(string cashInId)
    {
        lock (_lock)
        {
            var transaction = Transactions.Find(each => (string?)each["cashInId"] == cashInId)!;
            CashIns.Find(each => (string)each["id"]! == cashInId)!["status"] = "completed";
            transaction["status"] = "completed";
            transaction["completedAt"] = Now;
            transaction["updatedAt"] = Now;
        }
    }

    /// <summary>A payout reaches the bank.</summary>
    public void Land()
    {
        lock (_lock)
            foreach (var transaction in Transactions)
            {
                transaction["status"] = "completed";
                transaction["completedAt"] = Now;
            }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var path = request.RequestUri!.AbsolutePath.Trim('/').Split('/');
        Asked($"{request.Method} {request.RequestUri.AbsolutePath}");
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
            var asked = body.Length == 0 ? [] : JsonNode.Parse(body)!.AsObject();
            if (Refusal(path, asked) is { } refusal)
                return refusal;
            var made = path is ["cash-ins", _, "refresh"] ? Refresh(path[1]) : Make(path, asked);
            _keys[key] = (sent, made.DeepClone().AsObject());
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
            case ("GET", ["cash-ins", _]):
                return One(CashIns, path[1]);
            case ("GET", ["quotes", _]):
                return One(Quotes, path[1]);
            case ("GET", ["transactions", _]):
                return One(Transactions, path[1]);
            case ("GET", ["transactions"]) or ("GET", ["customers", _, "transactions"]):
                return Page(Transactions);
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

    private string Now => clock.GetUtcNow().ToString("O");

    private HttpResponseMessage? Refusal(string[] path, JsonObject asked)
    {
        if (path is ["cash-ins", _, "refresh"]
            && CashIns.Find(each => (string)each["id"]! == path[1]) is { } cashIn && cashIn["transactionId"] is not null)
            return Json(HttpStatusCode.Conflict, Code("invalid_state"));
        if (path is not ["transactions"])
            return null;
        var quote = Quotes.Find(each => (string)each["id"]! == (string)asked["quoteId"]!)!;
        if ((string)quote["status"]! == "accepted")
            return Json(HttpStatusCode.Conflict, Code("invalid_state"));
        return DateTimeOffset.Parse((string)quote["expiresAt"]!, System.Globalization.CultureInfo.InvariantCulture) <= clock.GetUtcNow()
            ? Json(HttpStatusCode.UnprocessableEntity, Code("quote_expired"))
            : null;
    }

    private JsonObject Refresh(string cashInId)
    {
        var cashIn = CashIns.Find(each => (string)each["id"]! == cashInId)!;
        cashIn["status"] = "pending";
        cashIn["depositInstructions"] = Code();
        return cashIn;
    }

    private JsonObject Code() => new()
    {
        ["code"] = $"CODE {_keys.Count}",
        ["expiresAt"] = clock.GetUtcNow().AddHours(1).ToString("O"),
    };

    private JsonObject Make(string[] path, JsonObject sent)
    {
        var made = path switch
        {
            ["customers"] => Fixture.Node("resources/customer.active.json").AsObject(),
            ["cash-ins"] => Fixture.Node("resources/cash-in.pending.json").AsObject(),
            ["quotes"] => Fixture.Node("resources/quote.json").AsObject(),
            ["transactions"] => new JsonObject { ["type"] = "cryptoToFiat", ["status"] = "processing" },
            ["customers", _, "wallets"] => Fixture.Node("resources/wallet.json").AsObject(),
            _ => new JsonObject { ["url"] = sent["url"]!.DeepClone(), ["enabled"] = true, ["status"] = "active" },
        };
        var all = path switch
        {
            ["customers"] => Customers,
            ["webhooks"] => Endpoints,
            ["cash-ins"] => CashIns,
            ["quotes"] => Quotes,
            ["transactions"] => Transactions,
            _ => Wallets,
        };
        made["id"] = $"{path[^1][..3]}_{_keys.Count}";
        made["createdAt"] = Now;
        foreach (var member in (string[])["externalId", "metadata", "customerId", "quoteId"])
            if (path is not ["webhooks"] && (sent.ContainsKey(member) || path is ["customers"]))
                made[member] = sent[member]?.DeepClone();
        Complete(path, made, sent);
        all.Add(made);
        return made;
    }

    private void Complete(string[] path, JsonObject made, JsonObject sent)
    {
        switch (path)
        {
            case ["customers"]:
                made.Remove("customerId");
                made.Remove("quoteId");
                foreach (var endorsement in made["endorsements"]!.AsArray())
                    endorsement!["status"] = Endorsement;
                break;
            case ["customers", _, _]:
                made["customerId"] = path[1];
                break;
            case ["cash-ins"]:
                made["depositInstructions"] = Code();
                made["destination"]!["wallet"] = sent["destination"]!["wallet"]!.DeepClone();
                break;
            case ["quotes"]:
                made["expiresAt"] = (clock.GetUtcNow() + QuoteLifetime).ToString("O");
                made["source"]!["walletId"] = sent["source"]!["walletId"]!.DeepClone();
                made["destination"]!["asset"] = "usd";
                if (QuotesThatDiffer-- > 0)
                    made["source"]!["amountGross"] = "26.00";
                made["destination"]!["wallet"] = sent["destination"]!["wallet"]!.DeepClone();
                break;
            case ["transactions"]:
                Quotes.Find(each => (string)each["id"]! == (string)sent["quoteId"]!)!["status"] = "accepted";
                break;
            default:
                made["secret"] = $"whsec_{made["id"]}";
                break;
        }
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
