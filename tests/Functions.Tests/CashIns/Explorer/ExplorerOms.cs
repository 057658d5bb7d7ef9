using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.CashIns.Explorer;

/// <summary>
/// OMS behind the real client, for thousands of cases in one process: idempotency keys, states by the clock, and what breaks.
/// </summary>
internal sealed partial class ExplorerOms(IReadOnlyDictionary<int, Case> cases, PlantedBug planted) : HttpMessageHandler
{
    public const decimal WrongNet = -117.70m;

    /// <summary>Called when a cash-in was made, before its maker gets the answer.</summary>
    public Func<Case, Task> CashInMade { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called while a call gets no answer for a while.</summary>
    public Func<Case, Task> NoAnswer { get; set; } = _ => Task.CompletedTask;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.AbsolutePath.TrimStart('/');
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        if (path == "transactions")
            return Answer(HttpStatusCode.OK, Page([
                .. cases.Values.Where(each => each.HasTransaction).Select(each => each.Transaction()),
                .. cases.Values.Where(each => each.HasTransfer).Select(each => each.TransferTransaction()),
            ]));

        var number = Number().Match(
            path is "cash-ins" && request.Method == HttpMethod.Post ? body : request.RequestUri.PathAndQuery).Groups[1].Value;
        var here = cases[int.Parse(number, CultureInfo.InvariantCulture)];
        var (call, serve) = Route(request.Method, path, here);
        here.Called();
        var harm = here.Strike(call);
        if (here.Down > TimeSpan.Zero && harm is not (Harm.None or Harm.MoneyAltered))
            await NoAnswer(here);
        if (InsteadOf(harm) is { } other)
            return planted.Change(harm, call, other);

        var (status, answer) = request.Method == HttpMethod.Post ? Keyed(request, here, path + body, serve) : (HttpStatusCode.OK, serve()!);
        if (call == Calls.CreateCashIn)
            await CashInMade(here);
        return harm switch
        {
            Harm.AnswerLost => throw new HttpRequestException("The connection was cut."),
            Harm.Stalled => throw new TaskCanceledException("The answer did not end in time."),
            Harm.MoneyAltered => Answer(status, Altered(answer)),
            _ => Answer(status, answer),
        };
    }

    /// <summary>What comes in place of the call; null when the call gets through.</summary>
    private static HttpResponseMessage? InsteadOf(Harm harm) => harm switch
    {
        Harm.Refused => Answer(HttpStatusCode.ServiceUnavailable, new JsonObject { ["code"] = "provider_unavailable" }),
        Harm.ErrorUnderSuccess => Answer(HttpStatusCode.OK, new JsonObject { ["error"] = new JsonObject { ["code"] = "internal" } }),
        Harm.Unreadable => new(HttpStatusCode.OK) { Content = new StringContent("{\"id\":\"c", Encoding.UTF8, "application/json") },
        Harm.GatewayPage => new(HttpStatusCode.Forbidden)
        {
            Content = new StringContent("<html><body>Blocked.</body></html>", Encoding.UTF8, "text/html"),
        },
        Harm.AskedToWait => new(HttpStatusCode.TooManyRequests)
        {
            Headers = { RetryAfter = new(TimeSpan.FromHours(1)) },
            Content = new StringContent("""{"code":"rate_limited"}""", Encoding.UTF8, "application/json"),
        },
        _ => null,
    };

    /// <summary>Somebody else's amount, and none that could have arrived.</summary>
    private static JsonObject Altered(JsonObject transaction)
    {
        if (transaction["status"]!.GetValue<string>() == "completed")
            transaction["destination"]!["amountNet"] = WrongNet.ToString(CultureInfo.InvariantCulture);
        return transaction;
    }

    private static (HttpStatusCode Status, JsonObject Answer) Keyed(
        HttpRequestMessage request, Case here, string what, Func<JsonObject?> effect)
    {
        var key = request.Headers.GetValues(IdempotencyKeyHandler.Header).Single();
        return here.Once(key, what, effect) is { } answer
            ? (HttpStatusCode.Created, answer)
            : (HttpStatusCode.Conflict, new JsonObject { ["code"] = "invalid_state" });
    }

    private static (string Call, Func<JsonObject?> Serve) Route(HttpMethod method, string path, Case here)
        => (method.Method, path.Split('/')) switch
        {
            ("GET", ["customers", _, "wallets"]) => (Calls.ListWallets, () => Page(here.Wallets == 0 ? [] : [here.Wallet()])),
            ("POST", ["customers", _, "wallets"]) => (Calls.CreateWallet, here.CreateWallet),
            ("POST", ["cash-ins"]) => (Calls.CreateCashIn, here.CreateCashIn),
            ("GET", ["cash-ins"]) => ("ListCashIns", () => Page(here.CashIns == 0 ? [] : [here.CashIn()])),
            ("GET", ["cash-ins", _]) => (Calls.GetCashIn, here.CashIn),
            ("POST", ["cash-ins", _, "refresh"]) => (Calls.Refresh, here.Refresh),
            ("GET", ["transactions", var id]) when id == here.TransferId => (Calls.GetTransaction, here.TransferTransaction),
            ("GET", ["transactions", _]) => (Calls.GetTransaction, here.Transaction),
            _ => throw new InvalidOperationException($"{method} {path} is not expected here."),
        };

    private static JsonObject Page(IEnumerable<JsonObject> items) => new() { ["data"] = new JsonArray([.. items]), ["hasMore"] = false };

    private static HttpResponseMessage Answer(HttpStatusCode status, JsonObject body)
        => new(status) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };

    [GeneratedRegex(@"(?:cst|ci|txn)_(\d+)")]
    private static partial Regex Number();
}
