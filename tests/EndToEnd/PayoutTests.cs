using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Services;

namespace OmsWorkflows.EndToEnd;

/// <summary>A payout over real processes, out of a wallet that a cash-in filled.</summary>
public sealed class PayoutTests(PayoutTests.Ground ground) : IClassFixture<PayoutTests.Ground>
{
    public sealed class Ground : LocalMachine
    {
        internal override MachineSettings Settings
            => new() { Sandbox = new Dictionary<string, string> { ["Sandbox:QuoteLifetime"] = "00:00:05" } };
    }

    [Fact]
    public async Task Payout_ConfirmedAfterAPriceRanOut_LandsOnce()
    {
        var order = await FundedOrderAsync("25.00");
        var id = await StartAsync(order);
        var first = await UntilAsync(id, document => document["quote"] is not null);
        var second = await UntilAsync(
            id, document => LocalMachine.Phase(document) == "AwaitingConfirmation" && Quote(document) != Quote(first));

        (await ConfirmAsync(id, Quote(first))).Should().Be(HttpStatusCode.Conflict, "the price that was shown first has run out");
        (await ConfirmAsync(id, Quote(second))).Should().Be(HttpStatusCode.Accepted);
        await ground.Machine.App.KillAsync();
        await ground.Machine.App.StartAsync(default);
        await ground.App.WaitUntilReadyAsync(default);

        var done = await UntilAsync(id, document => document["ended"]!.GetValue<bool>());
        LocalMachine.Phase(done).Should().Be("Completed");
        done["payout"]!["sent"]!.GetValue<string>().Should().Be("25.00");
        done["payout"]!["received"]!.GetValue<string>().Should().Be("24.75");
        done["payout"]!["completedAt"].Should().NotBeNull();
        (await ground.Sandbox.BalanceAsync(order["walletId"]!.GetValue<string>()))
            .Should().Be("92.700000", "117.70 came in and 25.00 went out, once");
    }

    [Fact]
    public async Task Payout_MoreThanTheWalletHolds_FailsAndMovesNothing()
    {
        var order = await FundedOrderAsync("500.00");
        order["autoConfirm"] = true;

        var done = await UntilAsync(await StartAsync(order), document => document["ended"]!.GetValue<bool>());

        LocalMachine.Phase(done).Should().Be("Failed");
        done["reason"]!["code"]!.GetValue<string>().Should().Be("insufficient_funds");
        (await ground.Sandbox.BalanceAsync(order["walletId"]!.GetValue<string>())).Should().Be("117.700000");
    }

    [Fact]
    public async Task Start_WithBothAmounts_SaysWhichToLeaveOut()
    {
        var order = new JsonObject
        {
            ["customerId"] = "cst_1",
            ["walletId"] = "wlt_1",
            ["externalAccountId"] = "cpUsBank_1",
            ["send"] = "1.00",
            ["receive"] = "1.00",
        };

        using var response = await PostAsync("/api/payouts", order);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsObject().Select(error => error.Key).Should().Equal("send");
    }

    private async Task<JsonObject> FundedOrderAsync(string send)
    {
        var cashIn = await ground.StartCashInAsync();
        await ground.PayAsync(cashIn, 120m);
        var done = await ground.UntilPhaseAsync(cashIn, "Completed");
        var customer = done["customerId"]!.GetValue<string>();
        return new JsonObject
        {
            ["customerId"] = customer,
            ["walletId"] = done["wallet"]!["id"]!.GetValue<string>(),
            ["externalAccountId"] = await ground.Sandbox.BankAccountAsync(customer),
            ["send"] = send,
        };
    }

    private async Task<string> StartAsync(JsonObject order)
    {
        using var response = await PostAsync("/api/payouts", order);
        response.StatusCode.Should().Be(HttpStatusCode.Accepted);
        return (await response.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<string>();
    }

    private async Task<HttpStatusCode> ConfirmAsync(string id, string quoteId)
    {
        using var response = await PostAsync($"/api/payouts/{id}/confirm", new JsonObject { ["quoteId"] = quoteId });
        return response.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(string path, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", $"e2e-{Guid.NewGuid():N}");
        return await ground.App.Http.SendAsync(request);
    }

    private Task<JsonObject> UntilAsync(string id, Func<JsonObject, bool> wanted) => ground.UntilAsync($"payouts/{id}", wanted);

    private static string Quote(JsonObject document) => document["quote"]!["id"]!.GetValue<string>();
}
