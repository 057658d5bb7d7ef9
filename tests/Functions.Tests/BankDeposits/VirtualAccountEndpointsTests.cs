using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OmsWorkflows.BankDeposits;
using OmsWorkflows.Functions.Tests.Http;
using OmsWorkflows.Functions.Tests.Oms;
using OmsWorkflows.Functions.Tests.Webhooks;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.BankDeposits;

/// <summary>The account bank money is sent to: OMS keeps it, the app shows it.</summary>
public sealed class VirtualAccountEndpointsTests : IAsyncLifetime
{
    private const string AccountNumber = "000445566778";

    private readonly JsonArray _accounts = [];
    private OmsHarness _oms = null!;
    private bool _isOn = true;

    private VirtualAccountEndpoints Endpoints
        => new(_oms.Client, new FixedOptions<OmsOptions>(new OmsOptions { VirtualAccounts = _isOn }));

    public async ValueTask InitializeAsync()
    {
        _oms = await OmsHarness.StartAsync();
        _oms.Stub.Answer = AnswerAsync;
    }

    public ValueTask DisposeAsync() => _oms.DisposeAsync();

    [Fact]
    public async Task Switched_off_it_says_what_to_do_and_asks_nobody()
    {
        _isOn = false;

        foreach (var answer in (Asked[])[await GetAsync(), await OpenAsync()])
        {
            answer.Status.Should().Be(422);
            answer.Body["type"]!.GetValue<string>().Should().EndWith("virtual-accounts-off");
            answer.Body["detail"]!.GetValue<string>().Should().Contain("Oms:VirtualAccounts=true");
        }

        _oms.Stub.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task A_key_that_may_not_is_told_whom_to_ask()
    {
        _oms.Stub.Answer = OmsStub.Json(HttpStatusCode.Forbidden, Fixture.Text("errors/403.forbidden.json"));

        var answer = await GetAsync();

        answer.Status.Should().Be(422);
        answer.Body["detail"]!.GetValue<string>().Should().Contain("ask Polygon");
    }

    [Fact]
    public async Task The_account_is_read_from_OMS_and_its_details_reach_no_log()
    {
        (await GetAsync()).Status.Should().Be(404);
        _accounts.Add(Account("va_old", "deleted"));
        (await GetAsync()).Status.Should().Be(404, "money sent to it would not arrive");
        _accounts.Add(Account("va_1", "active"));

        var answer = await GetAsync();

        answer.Status.Should().Be(200);
        answer.Body["bankDetails"]!["accountNumber"]!.GetValue<string>().Should().Be(AccountNumber);
        _oms.Logs.Should().NotContain(line => line.Contains(AccountNumber, StringComparison.Ordinal));
        $"{VirtualAccountView.Of(new VirtualAccount { Id = "va_1", Status = "active" })}".Should().Be("VirtualAccountView va_1");
    }

    [Fact]
    public async Task Opening_uses_the_customers_wallet_and_a_second_time_answers_the_same_account()
    {
        (await OpenAsync()).Status.Should().Be(201);
        (await OpenAsync(key: "another")).Status.Should().Be(200);
        (await OpenAsync("""{ "walletId": "wlt_9" }""")).Status.Should().Be(409, "it leads to another wallet");

        var opened = _oms.Stub.Calls.Single(call => call.Method == "POST");
        JsonNode.Parse(opened.Body)!["destination"]!.ToJsonString().Should()
            .Be("""{"wallet":{"id":"wlt_1"},"asset":"usdc","network":"polygon"}""");
        opened.IdempotencyKey.Should().StartWith("va-");
    }

    [Fact]
    public async Task Opening_without_a_wallet_or_a_key_says_what_is_missing()
    {
        (await OpenAsync("""{ "walletId": "wlt_9" }""")).Status.Should().Be(409);
        (await OpenAsync("""{ "walletId": "9" }""")).Errors.Should().Equal("walletId");
        (await OpenAsync(key: null)).Body["type"]!.GetValue<string>().Should().EndWith("idempotency-key-required");
    }

    private Task<Asked> GetAsync() => Asked.AskAsync("", request => Endpoints.GetVirtualAccount(request, "cst_1", default));

    private Task<Asked> OpenAsync(string body = "{}", string? key = "key") => Asked.AskAsync("", request =>
    {
        request.ContentType = "application/json";
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        if (key is not null)
            request.Headers["Idempotency-Key"] = key;
        return Endpoints.OpenVirtualAccount(request, "cst_1", default);
    });

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Method == "POST")
        {
            var opened = Account("va_1", "active");
            _accounts.Add(opened);
            return OmsStub.Json(HttpStatusCode.Created, opened.ToJsonString())(context);
        }

        var data = context.Request.Path.Value!.EndsWith("/wallets", StringComparison.Ordinal)
            ? """[ { "id": "wlt_1", "customerId": "cst_1", "asset": "usdc", "chain": "polygon", "status": "active" } ]"""
            : _accounts.ToJsonString();
        return OmsStub.Json(HttpStatusCode.OK, $$"""{ "data": {{data}}, "hasMore": false }""")(context);
    }

    private static JsonObject Account(string id, string status)
    {
        var account = Fixture.Node("resources/virtual-account.json").AsObject();
        account["id"] = id;
        account["customerId"] = "cst_1";
        account["status"] = status;
        account["destination"]!["wallet"]!["id"] = "wlt_1";
        return account;
    }
}
