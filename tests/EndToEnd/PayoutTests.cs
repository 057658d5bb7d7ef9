using System.Net;
using System.Net.Http.Json;
using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Machines;

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
        var first = (await UntilAsync(id, document => document.Quote is not null)).NeedQuote().Id;
        var second = (await UntilAsync(
            id, document => document is { Phase: "AwaitingConfirmation", Quote: { } quote } && quote.Id != first)).NeedQuote().Id;

        (await ConfirmAsync(id, first)).Should().Be(HttpStatusCode.Conflict, "the price that was shown first has run out");
        await ConfirmInTimeAsync(id, second);
        await ground.Machine.App.KillAsync();
        await ground.Machine.App.StartAsync(default);
        await ground.App.WaitUntilReadyAsync(default);

        var done = await UntilAsync(id, document => document.Phase is "Completed" or "AwaitingConfirmation");
        if (done.Phase == "AwaitingConfirmation")
        {
            // The price ran out before the app was back.
            await ConfirmInTimeAsync(id, done.NeedQuote().Id);
            done = await UntilAsync(id, document => document.Phase == "Completed");
        }

        done.NeedPayout().Sent.Should().Be(25.00m);
        done.NeedPayout().Received.Should().Be(24.75m);
        done.NeedPayout().CompletedAt.Should().NotBeNull();
        (await ground.Sandbox.BalanceAsync(order.WalletId)).Should().Be("92.700000", "117.70 came in and 25.00 went out, once");
    }

    [Fact]
    public async Task Payout_MoreThanTheWalletHolds_FailsAndMovesNothing()
    {
        var order = await FundedOrderAsync("500.00") with { AutoConfirm = true };

        var done = await UntilAsync(await StartAsync(order), document => document.Ended);

        done.Phase.Should().Be("Failed");
        done.NeedReason().Code.Should().Be("insufficient_funds");
        (await ground.Sandbox.BalanceAsync(order.WalletId)).Should().Be("117.700000");
    }

    [Fact]
    public async Task Start_WithBothAmounts_SaysWhichToLeaveOut()
    {
        var order = new Order("cst_1", "wlt_1", "cpUsBank_1", "1.00") { Receive = "1.00" };

        using var response = await ground.PostAsync("payouts", order);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await ProblemView.ReadAsync(response)).Errors.Keys.Should().Equal("send");
    }

    private async Task<Order> FundedOrderAsync(string send)
    {
        var cashIn = await ground.StartCashInAsync();
        await ground.PayAsync(cashIn, 120m);
        var done = await ground.UntilPhaseAsync(cashIn, "Completed");
        var customer = done.NeedCustomerId();
        return new Order(customer, done.NeedWallet().Id, await ground.Sandbox.BankAccountAsync(customer), send);
    }

    private async Task<string> StartAsync(Order order)
    {
        using var response = await ground.PostAsync("payouts", order);
        response.StatusCode.Should().Be(HttpStatusCode.Accepted);
        var started = await response.Content.ReadFromJsonAsync<Started>();
        return started?.Id ?? throw new InvalidOperationException("The payout has no id.");
    }

    /// <summary>Confirms a price; the next one, as long as it has run out before the confirmation came.</summary>
    private async Task ConfirmInTimeAsync(string id, string quoteId)
    {
        while (await ConfirmAsync(id, quoteId) is not HttpStatusCode.Accepted and var status)
        {
            status.Should().Be(HttpStatusCode.Conflict);
            var last = quoteId;
            quoteId = (await UntilAsync(
                id, document => document is { Phase: "AwaitingConfirmation", Quote: { } quote } && quote.Id != last)).NeedQuote().Id;
        }
    }

    private async Task<HttpStatusCode> ConfirmAsync(string id, string quoteId)
    {
        using var response = await ground.PostAsync($"payouts/{id}/confirm", new { quoteId });
        return response.StatusCode;
    }

    private Task<JourneyDocument> UntilAsync(string id, Func<JourneyDocument, bool> wanted) => ground.UntilAsync($"payouts/{id}", wanted);

    private sealed record Started(string Id);

    private sealed record Order(string CustomerId, string WalletId, string ExternalAccountId, string Send)
    {
        public string? Receive { get; init; }

        public bool AutoConfirm { get; init; }
    }
}
