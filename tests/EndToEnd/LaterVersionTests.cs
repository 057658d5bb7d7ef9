using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>
/// A cash-in, a payout and a bank deposit in v0.11, whose events have other names (docs/oms-api.md 9.4). Journeys poll far too
/// rarely to come to their end without them.
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
                ["Oms:VirtualAccounts"] = "true",
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

    [Fact]
    public async Task A_bank_deposit_is_booked_and_returned_by_the_events_of_its_virtual_account_alone()
    {
        var cashIn = await ground.StartCashInAsync();
        await ground.PayAsync(cashIn, 120m);
        var customer = (await ground.UntilPhaseAsync(cashIn, "Completed")).NeedCustomerId();
        using var opened = await ground.PostAsync($"customers/{customer}/virtual-account", new { });
        var account = (await opened.Content.ReadFromJsonAsync<Started>())!.Id;
        await ground.Sandbox.AddFaultsAsync(new JsonObject
        {
            ["fault"] = "drop",
            ["times"] = "always",
            ["match"] = new JsonObject { ["event"] = "transaction.statusChanged", ["customerId"] = customer },
        });

        await ground.Sandbox.PostAsync($"/_sim/virtual-accounts/{account}/deposits", new { amount = "120.00", rail = "ach" });
        var booked = await UntilAsync(customer, "Booked");
        await ground.Sandbox.ReturnDepositAsync(booked.TransactionId);
        var returned = await UntilAsync(customer, "Returned");

        (booked.Net, returned.TransactionId).Should().Be((119.40m, booked.TransactionId));
        (await ground.Sandbox.DeliveriesAsync()).Select(delivery => delivery.Event).Should().Contain(
            ["virtualAccount.deposit.settled", "virtualAccount.cryptoTransfer.settled", "virtualAccount.deposit.returned"]);
    }

    private async Task<Deposit> UntilAsync(string customer, string state)
        => (await ground.UntilAsync<Deposits>(
            $"deposits?customerId={customer}", page => page.Data is [var only] && only.State == state)).Data[0];

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
        using var response = await ground.PostAsync("payouts", order);
        response.StatusCode.Should().Be(HttpStatusCode.Accepted);
        var started = await response.Content.ReadFromJsonAsync<Started>();
        return started?.Id ?? throw new InvalidOperationException("The payout has no id.");
    }

    private sealed record Started(string Id);

    private sealed record Deposits(IReadOnlyList<Deposit> Data);

    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]
    private sealed record Deposit(string TransactionId, string State, decimal Net);
}
