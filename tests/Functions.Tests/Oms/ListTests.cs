using System.Net;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>Lists, filters and pages (docs/oms-api.md 3.2).</summary>
public sealed class ListTests
{
    private const string CustomerId = "cst_01kt7jrjg0fe8r4h0sywah9cxv";

    [Fact]
    public async Task Find_filter_ignored_by_OMS_pages_and_filters_here()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(
            OmsStub.Json(
                HttpStatusCode.OK,
                """{"data":[{"id":"cst_1","externalId":"other","endorsements":[]}],"hasMore":true,"nextCursor":"c/1"}"""),
            OmsStub.Json(
                HttpStatusCode.OK,
                """{"data":[{"id":"cst_2","externalId":"user 7&8","endorsements":[]}],"hasMore":false,"nextCursor":"c2"}"""));

        var found = await oms.Client.FindCustomersAsync("user 7&8", default);

        found.Select(customer => customer.Id).Should().Equal("cst_2");
        oms.Stub.Calls.Select(call => call.Query).Should().Equal(
            "?externalId=user%207%268&limit=100", "?externalId=user%207%268&limit=100&startingAfter=c%2F1");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public async Task Look_at_a_list_without_end_is_no_answer_and_not_an_empty_result(int circle)
    {
        await using var oms = await OmsHarness.StartAsync();
        var pages = 0;
        const string Other = """{"id":"cst_1","externalId":"other","endorsements":[]}""";
        oms.Stub.Answer = context => OmsStub.Json(
            HttpStatusCode.OK, $$"""{"data":[{{Other}}],"hasMore":true,"nextCursor":"c{{pages++ % circle}}"}""")(context);

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.FindCustomersAsync("user-7", default));

        silent.Silence.Cause.Should().Be(circle == 1 ? "unreadable" : "endless_list");
        oms.Stub.Calls.Count.Should().BeLessThanOrEqualTo(20);
    }

    [Theory]
    [InlineData("""{"error":{"code":"internal"}}""")]
    [InlineData("""{"data":[],"hasMore":false,"error":{"code":"internal"}}""")]
    [InlineData("""{"data":[],"hasMore":false,"errors":[{"code":"internal"}]}""")]
    [InlineData("""{"data":[],"hasMore":false,"errors":"provider down"}""")]
    [InlineData("""{"data":[],"hasMore":false,"code":"provider_unavailable","message":"canary"}""")]
    [InlineData("""{"data":[],"hasMore":false,"success":false}""")]
    [InlineData("""{"hasMore":false,"nextCursor":null}""")]
    [InlineData("""{"data":null,"hasMore":false}""")]
    [InlineData("""{"data":{},"hasMore":false}""")]
    [InlineData("""{"data":"","hasMore":false}""")]
    [InlineData("""{"data":[null],"hasMore":false}""")]
    [InlineData("""{"data":[7],"hasMore":false}""")]
    [InlineData("""{"data":[],"hasMore":true}""")]
    [InlineData("""{"data":[],"hasMore":true,"nextCursor":""}""")]
    [InlineData("""{"data":[],"hasMore":"false"}""")]
    [InlineData("""{"data":[],"hasMore":null,"nextCursor":"c1"}""")]
    [InlineData("""{"data":[],"hasMore":0}""")]
    [InlineData("""{"data":[],"nextCursor":"c1"}""")]
    [InlineData("""{"data":[],"data":[],"hasMore":false}""")]
    [InlineData("""{"Data":[],"HasMore":false}""")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("<html>canary</html>")]
    public async Task Absence_of_a_list_is_no_empty_list(string body)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, body);

        Func<Task>[] lists =
        [
            () => oms.Client.ListWalletsAsync("cst_1", default),
            () => oms.Client.FindCustomersAsync("user-7", default),
            () => oms.Client.ListCashInsAsync(new CashInQuery(), default),
            () => oms.Client.ListTransactionsAsync(new TransactionQuery(), default),
            () => oms.Client.ListCashLocationsAsync(new CashLocationQuery("greendot", 1, 1), default),
            () => oms.Client.ListWebhooksAsync(default),
        ];

        foreach (var list in lists)
        {
            (await Assert.ThrowsAsync<OmsNoAnswerException>(list)).Silence.Cause.Should().Be("unreadable");
        }
    }

    [Theory]
    [InlineData("""{"id":"wlt_1","customerId":"cst_2","asset":"usdc","chain":"polygon","status":"active"}""")]
    [InlineData("""{"id":"wlt_1","customerId":"cst_1","chain":"polygon","status":"active"}""")]
    [InlineData("""{"id":"wlt_1","customerId":"cst_1","asset":"usdc","status":"active"}""")]
    [InlineData("""{"id":"wlt_1","customerId":"cst_1","asset":null,"chain":"polygon","status":"active"}""")]
    [InlineData("""{"id":"wlt_1","customerId":"cst_1","asset":"usdc","chain":137,"status":"active"}""")]
    [InlineData("""{"id":"wlt_1","customerId":"cst_1","asset":"usdc","chain":"polygon"}""")]
    [InlineData("""{"id":"","customerId":"cst_1","asset":"usdc","chain":"polygon","status":"active"}""")]
    public async Task Wallet_that_does_not_say_whose_or_what_it_is_makes_the_list_unreadable(string wallet)
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = OmsStub.Json(HttpStatusCode.OK, $$"""{"data":[{{wallet}}],"hasMore":false}""");

        var silent = await Assert.ThrowsAsync<OmsNoAnswerException>(() => oms.Client.ListWalletsAsync("cst_1", default));

        silent.Silence.Cause.Should().Be("unreadable");
    }

    [Fact]
    public async Task Read_many_pages_gives_all_in_order()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(
            OmsStub.Json(
                HttpStatusCode.OK,
                """{"data":[{"id":"txn_3","status":"completed"},{"id":"txn_2","status":"completed"}],"hasMore":true,"nextCursor":"a"}"""),
            OmsStub.Json(HttpStatusCode.OK, """{"data":[],"hasMore":true,"nextCursor":"b"}"""),
            OmsStub.Json(HttpStatusCode.OK, """{"data":[{"id":"txn_1","status":"completed"}],"hasMore":false,"nextCursor":"b"}"""));

        var read = await oms.Client.ReadTransactionsAsync(new TransactionQuery { Limit = 2 }, default)
            .Select(transaction => transaction.Id).ToListAsync();

        read.Should().Equal("txn_3", "txn_2", "txn_1");
        oms.Stub.Calls.Select(call => call.Query).Should().Equal("?limit=2", "?limit=2&startingAfter=a", "?limit=2&startingAfter=b");
    }

    [Fact]
    public async Task Lists_send_their_filters()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context => OmsStub.Json(HttpStatusCode.OK, context.Request.Path.Value switch
        {
            "/v0.9/cash-locations" => Fixture.Text("resources/cash-locations.list.json"),
            "/v0.9/cash-ins" => Fixture.Text("resources/cash-ins.list.json"),
            "/v0.9/customers/cst_01kt7jrjg0fe8r4h0sywah9cxv/wallets" => Fixture.Text("resources/wallets.list.json"),
            _ => Fixture.Text("resources/transactions.list.json"),
        })(context);

        var locations = await oms.Client.ListCashLocationsAsync(new CashLocationQuery("greendot", 40.7412m, -73.9897m), default);
        var cashIns = await oms.Client.ListCashInsAsync(
            new CashInQuery { CustomerId = CustomerId, CreatedAfter = new(2026, 6, 10, 16, 0, 0, TimeSpan.FromHours(2)), Limit = 10 },
            default);
        var transactions = await oms.Client.ListTransactionsAsync(new TransactionQuery { CustomerId = CustomerId }, default);
        var wallets = await oms.Client.ListWalletsAsync(CustomerId, default);

        locations[0].Distance.Should().Be(0.21m);
        locations[0].LocationReference.Should().StartWith("R1JF");
        cashIns.Data.Should().NotBeEmpty();
        transactions.Data.Single().Status.Should().Be(TransactionStatus.Completed);
        wallets.Single().Status.Should().Be(WalletStatus.Active);
        oms.Stub.Calls.Select(call => call.Path + call.Query).Should().Equal(
            "/v0.9/cash-locations?provider=greendot&latitude=40.7412&longitude=-73.9897&flow=cashIn",
            $"/v0.9/cash-ins?customerId={CustomerId}&createdAfter=2026-06-10T14%3A00%3A00.000Z&limit=10",
            $"/v0.9/customers/{CustomerId}/transactions",
            $"/v0.9/customers/{CustomerId}/wallets");
    }

    [Fact]
    public async Task Webhooks_all_calls_work_on_their_paths()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context => context.Request.Method switch
        {
            "POST" => OmsStub.Json(HttpStatusCode.Created, Fixture.Text("resources/webhook.created.json"))(context),
            "PATCH" => OmsStub.Json(HttpStatusCode.OK, Fixture.Text("resources/webhook.disabled.json"))(context),
            "DELETE" => OmsStub.Json(HttpStatusCode.NoContent, "")(context),
            _ => OmsStub.Json(HttpStatusCode.OK, Fixture.Text("resources/webhook.json"))(context),
        };

        var created = await oms.Client.CreateWebhookAsync(new WebhookRequest { Url = "https://hooks.example.test/oms" }, "whk-1", default);
        var read = await oms.Client.GetWebhookAsync(created.Id, default);
        var disabled = await oms.Client.UpdateWebhookAsync(created.Id, new WebhookUpdate { Enabled = false }, default);
        await oms.Client.DeleteWebhookAsync(created.Id, default);

        created.Secret.Should().StartWith("whsec_");
        (read.Secret, read.Status).Should().Be((null, WebhookStatus.Active));
        (disabled.Enabled, disabled.Status).Should().Be((false, WebhookStatus.Disabled));
        oms.Stub.Calls.Select(call => call.Method).Should().Equal("POST", "GET", "PATCH", "DELETE");
    }
}
