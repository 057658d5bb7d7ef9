using System.Net;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Functions.Tests.Oms;

/// <summary>Lists, filters and pages (docs/oms-api.md 3.2).</summary>
public sealed class ListTests
{
    [Fact]
    public async Task Find_filter_ignored_by_OMS_pages_and_filters_here()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(
            OmsStub.Json(HttpStatusCode.OK, """{"data":[{"id":"cst_1","externalId":"other"}],"hasMore":true,"nextCursor":"c/1"}"""),
            OmsStub.Json(HttpStatusCode.OK, """{"data":[{"id":"cst_2","externalId":"user 7&8"}],"hasMore":false,"nextCursor":"c2"}"""));

        var found = await oms.Client.FindCustomersAsync("user 7&8", default);

        found.Select(customer => customer.Id).Should().Equal("cst_2");
        oms.Stub.Calls.Select(call => call.Query).Should()
            .Equal("?externalId=user%207%268&limit=100", "?externalId=user%207%268&limit=100&startingAfter=c%2F1");
    }

    [Fact]
    public async Task Find_list_without_end_is_an_error_and_not_an_empty_result()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Script(
            OmsStub.Json(HttpStatusCode.OK, """{"data":[{"id":"cst_1","externalId":"other"}],"hasMore":true,"nextCursor":"c"}"""));

        var failure = await Assert.ThrowsAsync<OmsException>(() => oms.Client.FindCustomersAsync("user-7", default));

        failure.Code.Should().Be("too_many_results");
    }

    [Fact]
    public async Task Lists_send_their_filters()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context => OmsStub.Json(HttpStatusCode.OK, context.Request.Path.Value switch
        {
            "/v0.9/cash-locations" => Fixture.Text("resources/cash-locations.list.json"),
            "/v0.9/cash-ins" => Fixture.Text("resources/cash-ins.list.json"),
            "/v0.9/customers/cst_1/wallets" => Fixture.Text("resources/wallets.list.json"),
            _ => Fixture.Text("resources/transactions.list.json"),
        })(context);

        var locations = await oms.Client.ListCashLocationsAsync(new CashLocationQuery("greendot", 40.7412m, -73.9897m), default);
        var after = new DateTimeOffset(2026, 6, 10, 16, 0, 0, TimeSpan.FromHours(2));
        var cashIns = await oms.Client.ListCashInsAsync(
            new CashInQuery { CustomerId = "cst_1", CreatedAfter = after, Limit = 10 }, default);
        var transactions = await oms.Client.ListTransactionsAsync(new TransactionQuery { CustomerId = "cst_1" }, default);
        var wallets = await oms.Client.ListWalletsAsync("cst_1", default);

        locations[0].Distance.Should().Be(0.21m);
        locations[0].LocationReference.Should().StartWith("R1JF");
        cashIns.Data.Should().NotBeEmpty();
        transactions.Data.Single().Status.Should().Be(TransactionStatus.Completed);
        wallets.Single().Status.Should().Be(WalletStatus.Active);
        oms.Stub.Calls.Select(call => call.Path + call.Query).Should().Equal(
            "/v0.9/cash-locations?provider=greendot&latitude=40.7412&longitude=-73.9897&flow=cashIn",
            "/v0.9/cash-ins?customerId=cst_1&createdAfter=2026-06-10T14%3A00%3A00.000Z&limit=10",
            "/v0.9/customers/cst_1/transactions",
            "/v0.9/customers/cst_1/wallets");
    }

    [Fact]
    public async Task Webhooks_all_calls_work_on_their_paths()
    {
        await using var oms = await OmsHarness.StartAsync();
        oms.Stub.Answer = context => OmsStub.Json(
            context.Request.Method == "DELETE" ? HttpStatusCode.NoContent : HttpStatusCode.OK, context.Request.Method switch
            {
                "POST" => Fixture.Text("resources/webhook.created.json"),
                "PATCH" => Fixture.Text("resources/webhook.disabled.json"),
                "DELETE" => "",
                _ => Fixture.Text("resources/webhook.json"),
            })(context);

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
