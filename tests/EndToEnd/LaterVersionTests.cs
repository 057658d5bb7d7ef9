using System.Net;
using System.Net.Http.Json;
using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>
/// A cash-in and a payout in v0.11, whose events have other names (docs/oms-api.md 9.4). Journeys poll far too rarely to come to their end
/// without them.
/// </summary>
public sealed class LaterVersionTests(LaterVersionTests.Ground ground) : IClassFixture<LaterVersionTests.Ground>
{
    public sealed class Ground : LocalMachine
    {
        internal override MachineSettings Settings => new()
        {
            ApiVersion = "v0.11",
            App = new Dictionary<string, string>
            {
                ["Onboarding:Poll"] = "01:00:00",
                ["CashIns:DepositPoll"] = "01:00:00",
                ["CashIns:SettlementPoll"] = "01:00:00",
                ["Payouts:Poll"] = "01:00:00",
            },
        };
    }

    [Fact]
    public async Task A_cash_in_and_a_payout_come_to_their_end_by_the_events_of_v0_11()
    {
        var cashIn = await ground.StartCashInAsync();
        await ground.PayAsync(cashIn, 120m);
        var booked = await ground.UntilPhaseAsync(cashIn, "Completed");
        LocalMachine.ShouldBeBooked(booked);

        var payout = await StartPayoutAsync(booked);
        var landed = await ground.UntilAsync($"payouts/{payout}", document => document.Phase == "Completed");
        landed.NeedPayout().Received.Should().Be(24.75m);

        var names = (await ground.Sandbox.DeliveriesAsync()).Select(delivery => delivery.Event).Distinct();
        names.Should().Contain(["endorsement.active", "transaction.statusChanged", "cashIn.completed"])
            .And.NotContain(name => name.StartsWith("transaction.fiatToCrypto.", StringComparison.Ordinal));
    }

    private async Task<string> StartPayoutAsync(JourneyDocument booked)
    {
        var customerId = booked.NeedCustomerId();
        var order = new
        {
            customerId,
            walletId = booked.NeedWallet().Id,
            externalAccountId = await ground.Sandbox.BankAccountAsync(customerId),
            send = "25.00",
            autoConfirm = true,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/payouts") { Content = JsonContent.Create(order) };
        request.Headers.Add("Idempotency-Key", $"e2e-{Guid.NewGuid():N}");
        using var response = await ground.App.Http.SendAsync(request);
        response.StatusCode.Should().Be(HttpStatusCode.Accepted);
        var started = await response.Content.ReadFromJsonAsync<Started>();
        return started?.Id ?? throw new InvalidOperationException("The payout has no id.");
    }

    private sealed record Started(string Id);
}
