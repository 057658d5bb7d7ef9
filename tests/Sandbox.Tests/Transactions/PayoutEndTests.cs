using System.Net;
using System.Text.Json;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Transactions;

/// <summary>Where payouts can go, and how they can end (docs/oms-api.md 7.5, 8).</summary>
public sealed class PayoutEndTests
{
    [Fact]
    public async Task A_payout_reaches_a_card()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var payer = await PayerAsync(sandbox);
        payer.Card.Should().StartWith("pmCard_");

        var transaction = await PayAsync(sandbox, payer, "card", new { wallet = new { externalAccount = payer.Card } });
        await sandbox.SettleAsync();

        var paid = await sandbox.GetAsync($"/transactions/{transaction}");
        (paid.Text("status"), paid.Text("destination.externalAccountId"), paid.Text("destination.network"))
            .Should().Be(("completed", payer.Card, "card"));
    }

    [Fact]
    public async Task A_network_leads_only_to_its_own_kind_of_account()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var payer = await PayerAsync(sandbox);

        using var toCard = await QuoteAsync(sandbox, payer, "ach", new { wallet = new { externalAccount = payer.Card } });
        using var toCash = await QuoteAsync(sandbox, payer, "cash", new { wallet = new { externalAccount = payer.Bank } });

        (await toCard.JsonAsync()).At("details")[0].Text("field").Should().Be("destination.network");
        (await toCash.JsonAsync()).At("details")[0].Text("field").Should().Be("destination.network");
    }

    [Fact]
    public async Task An_account_that_is_not_verified_is_refused()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var payer = await PayerAsync(sandbox);
        await sandbox.SimAsync($"/external-accounts/{payer.Bank}/status", new { status = "declined" });

        using var refused = await QuoteAsync(sandbox, payer, "ach", new { wallet = new { externalAccount = payer.Bank } });

        (refused.StatusCode, (await refused.JsonAsync()).Text("code")).Should().Be((HttpStatusCode.Conflict, "invalid_state"));
    }

    [Theory]
    [InlineData("0.50")]
    [InlineData("90.00")]
    public async Task Limits_are_kept(string amount)
    {
        await using var sandbox = await SandboxHost.StartAsync(("MaxPayout", "80"));
        var payer = await PayerAsync(sandbox);

        using var refused = await QuoteAsync(sandbox, payer, "ach", new { wallet = new { externalAccount = payer.Bank } }, amount);

        (refused.StatusCode, (await refused.JsonAsync()).Text("code")).Should().Be((HttpStatusCode.UnprocessableEntity, "limit_exceeded"));
    }

    [Fact]
    public async Task A_returned_payout_fails_after_it_was_completed_and_the_net_comes_back()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await receiver.SubscribeAsync(sandbox, "transaction.cryptoToFiat.*");
        var payer = await PayerAsync(sandbox);
        var transaction = await PayAsync(sandbox, payer, "ach", new { wallet = new { externalAccount = payer.Bank } });
        await sandbox.SettleAsync();

        var returned = await sandbox.SimAsync($"/transactions/{transaction}/return");
        await sandbox.SettleAsync();

        (returned.Text("status"), returned.Text("error.code")).Should().Be(("failed", "payout_returned"));
        (await BalanceAsync(sandbox, payer)).Should().Be("99.750000", "the fee of 0.25 is kept");
        receiver.Events.Select(name => name.Split('.')[^1]).Should().Equal("processing", "completed", "failed");
        (await sandbox.Http.PostAsync($"/_sim/transactions/{transaction}/return", null)).StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Cash_lies_ready_with_a_code_and_is_collected()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var payer = await PayerAsync(sandbox);
        var transaction = await PickupAsync(sandbox, payer);

        var ready = await sandbox.GetAsync($"/transactions/{transaction}");
        (ready.Text("status"), ready.Text("cashPickup.amount"), ready.Text("cashPickup.location.name"))
            .Should().Be(("cashPickupReady", "24.75", "Corner Pharmacy #4211"));
        ready.At("cashPickup.expiresAt").GetDateTimeOffset().Should().BeCloseTo(sandbox.Now().AddDays(1), TimeSpan.FromMinutes(1));
        await sandbox.SimAsync("/cash-pickups", new { code = ready.Text("cashPickup.cashCode") });
        await sandbox.AdvanceAsync(TimeSpan.FromDays(2));
        await sandbox.SignInAsync();

        (await sandbox.GetAsync($"/transactions/{transaction}")).Text("status").Should().Be("completed");
        (await BalanceAsync(sandbox, payer)).Should().Be("75.000000");
    }

    [Fact]
    public async Task Cash_that_nobody_collects_fails_and_is_refunded_by_hand_once()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await receiver.SubscribeAsync(sandbox, "transaction.cryptoToFiat.*");
        var payer = await PayerAsync(sandbox);
        var transaction = await PickupAsync(sandbox, payer);

        await sandbox.AdvanceAsync(TimeSpan.FromDays(1));
        await sandbox.SignInAsync();

        var expired = await sandbox.GetAsync($"/transactions/{transaction}");
        (expired.Text("status"), expired.Text("subStatus"), expired.Text("error.code"))
            .Should().Be(("failed", "cashPickupExpired", "cash_pickup_expired"));
        receiver.Events.Select(name => name.Split('.')[^1]).Should().Equal(
            ["processing", "failed"], "v0.9 has no event for cash that lies ready");
        (await BalanceAsync(sandbox, payer)).Should().Be("75.000000");
        await sandbox.SimAsync($"/transactions/{transaction}/refund");
        (await BalanceAsync(sandbox, payer)).Should().Be("100.000000");
        (await sandbox.Http.PostAsync($"/_sim/transactions/{transaction}/refund", null)).StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("release", "completed", "75.000000")]
    [InlineData("refuse", "failed", "100.000000")]
    public async Task Compliance_holds_a_payout_until_it_decides(string decision, string status, string balance)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var (endpoint, _) = await receiver.SubscribeAsync(sandbox, "transaction.*.underReview");
        await sandbox.SimAsync($"/webhooks/{endpoint}/compliance");
        var payer = await PayerAsync(sandbox);
        await sandbox.SimAsync("/faults", new { fault = "hold", match = new { customerId = payer.Customer } });
        var transaction = await PayAsync(sandbox, payer, "ach", new { wallet = new { externalAccount = payer.Bank } });

        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(50));
        (await sandbox.GetAsync($"/transactions/{transaction}")).Text("status").Should().Be("processing");
        await sandbox.SimAsync($"/transactions/{transaction}/{decision}");
        await sandbox.SettleAsync();

        (await sandbox.GetAsync($"/transactions/{transaction}")).Text("status").Should().Be(status);
        (await BalanceAsync(sandbox, payer)).Should().Be(balance);
        receiver.Events.Should().Equal("transaction.cryptoToFiat.underReview");
        (await sandbox.Http.PostAsync($"/_sim/transactions/{transaction}/release", null)).StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    private sealed record Payer(string Customer, string Wallet, string Bank, string Card);

    private static async Task<Payer> PayerAsync(SandboxHost sandbox)
    {
        var (customer, wallet) = await sandbox.ReadyAsync();
        await sandbox.SimAsync($"/wallets/{wallet}/deposit", new { amount = "100.00" });
        var accounts = (await sandbox.GetAsync($"/external-accounts?customerId={customer}")).At("data");
        return new Payer(customer, wallet, accounts[0].Text("id"), accounts[1].Text("id"));
    }

    private static async Task<string> PickupAsync(SandboxHost sandbox, Payer payer)
    {
        var location = Fixture.Request("cash-in.create")["cash"]!;
        var transaction = await PayAsync(sandbox, payer, "cash", new { cash = location });
        await sandbox.SettleAsync();
        return transaction;
    }

    private static async Task<string> PayAsync(SandboxHost sandbox, Payer payer, string network, object target)
    {
        using var quote = await QuoteAsync(sandbox, payer, network, target);
        var quoteId = (await quote.JsonAsync()).Text("id");
        return (await sandbox.PostAsync("/transactions", new { quoteId })).Text("id");
    }

    private static Task<HttpResponseMessage> QuoteAsync(
        SandboxHost sandbox, Payer payer, string network, object target, string amount = "25.00")
    {
        var destination = JsonSerializer.SerializeToNode(target)!.AsObject();
        (destination["asset"], destination["network"]) = ("usd", network);
        return sandbox.TryPostAsync("/quotes", new
        {
            customerId = payer.Customer,
            source = new { walletId = payer.Wallet, asset = "usdc", network = "polygon", amount },
            destination,
        });
    }

    private static async Task<string> BalanceAsync(SandboxHost sandbox, Payer payer)
        => (await sandbox.GetAsync($"/wallets/{payer.Wallet}/balance")).Text("balance");
}
