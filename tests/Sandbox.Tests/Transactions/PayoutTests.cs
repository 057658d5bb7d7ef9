using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Transactions;

/// <summary>Quotes and their execution (docs/oms-api.md 8).</summary>
public sealed class PayoutTests
{
    [Fact]
    public async Task Payout_to_a_bank_takes_gross_from_the_wallet_and_pays_net()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (customer, wallet, account) = await FundedAsync(sandbox);
        var quote = await sandbox.PostAsync("/quotes", ToBank(customer, wallet, account, source: "25.00"));
        (quote.Text("type"), quote.Text("destination.amountGross"), quote.Text("destination.amountNet"), quote.Text("rates.effectiveRate"))
            .Should().Be(("cryptoToFiat", "25.00", "24.75", "0.99"));
        var transaction = await sandbox.PostAsync("/transactions", new { quoteId = quote.Text("id"), metadata = new { workflowId = "w" } });
        transaction.Text("status").Should().Be("processing");
        (await sandbox.GetAsync($"/quotes/{quote.Text("id")}")).Text("status").Should().Be("accepted");
        await sandbox.SettleAsync();
        (await sandbox.GetAsync($"/transactions/{transaction.Text("id")}")).Text("status").Should().Be("completed");
        (await BalanceAsync(sandbox, wallet)).Should().Be("75.000000");
        (await sandbox.TryPostAsync("/transactions", new { quoteId = quote.Text("id") })).StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Fixed_destination_is_paid_exactly()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (customer, wallet, account) = await FundedAsync(sandbox);
        var quote = await sandbox.PostAsync("/quotes", ToBank(customer, wallet, account, destination: "50.00"));
        (quote.Text("fixedAmountSide"), quote.Text("source.amountGross"), quote.Text("destination.amountNet"))
            .Should().Be(("destination", "50.51", "50.00"));
    }

    [Fact]
    public async Task Failed_payout_gives_the_money_back()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (customer, wallet, account) = await FundedAsync(sandbox);
        var quote = await sandbox.PostAsync("/quotes", ToBank(customer, wallet, account, source: "25.00"));
        await sandbox.SimAsync("/conversions/next", new { fail = true, code = "bank_refused", recoverable = true });
        var transaction = await sandbox.PostAsync("/transactions", new { quoteId = quote.Text("id") });
        (await BalanceAsync(sandbox, wallet)).Should().Be("75.000000");
        await sandbox.SettleAsync();
        var failed = await sandbox.GetAsync($"/transactions/{transaction.Text("id")}");
        (failed.Text("status"), failed.Text("error.code"), failed.At("error.recoverable").GetBoolean())
            .Should().Be(("failed", "bank_refused", true));
        (await BalanceAsync(sandbox, wallet)).Should().Be("100.000000");
    }

    [Fact]
    public async Task Send_between_customers_has_a_role_for_each()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (sender, wallet, _) = await FundedAsync(sandbox);
        var (recipient, target) = await sandbox.ReadyAsync();
        var request = ToBank(sender, wallet, "", source: "40.00");
        request["destination"] = JsonSerializer.SerializeToNode(new { asset = "usdc", network = "polygon", wallet = new { id = target } });
        var quote = await sandbox.PostAsync("/quotes", request);
        await sandbox.PostAsync("/transactions", new { quoteId = quote.Text("id") });
        await sandbox.SettleAsync();
        (await BalanceAsync(sandbox, target)).Should().Be("40.000000");
        (await sandbox.GetAsync($"/customers/{sender}/transactions")).At("data")[0].Text("role").Should().Be("sender");
        (await sandbox.GetAsync($"/customers/{recipient}/transactions")).At("data")[0].Text("role").Should().Be("recipient");
    }

    [Fact]
    public async Task Quote_names_what_is_wrong()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (customer, wallet, account) = await FundedAsync(sandbox);
        (await FieldAsync(sandbox, ToBank(customer, wallet, account, "1.00", "1.00"))).Should().Be("source.amount");
        (await FieldAsync(sandbox, ToBank(customer, wallet, account))).Should().Be("source.amount");
        var toChain = ToBank(customer, wallet, account, "1.00");
        toChain["destination"]!["asset"] = "usdc";
        toChain["destination"]!["network"] = "polygon";
        (await FieldAsync(sandbox, toChain)).Should().Be("destination.wallet");
        var (_, other, _) = await FundedAsync(sandbox);
        (await sandbox.TryPostAsync("/quotes", ToBank(customer, other, account, "1.00"))).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static async Task<(string Customer, string Wallet, string Account)> FundedAsync(SandboxHost sandbox)
    {
        var (customer, wallet) = await sandbox.ReadyAsync();
        await sandbox.SimAsync($"/wallets/{wallet}/deposit", new { amount = "100.00" });
        return (customer, wallet, (await sandbox.GetAsync($"/external-accounts?customerId={customer}")).At("data")[0].Text("id"));
    }

    private static JsonObject ToBank(string customer, string wallet, string account, string? source = null, string? destination = null)
        => JsonSerializer.SerializeToNode(new
        {
            customerId = customer,
            source = new { walletId = wallet, asset = "usdc", network = "polygon", amount = source },
            destination = new { asset = "usd", network = "ach", amount = destination, wallet = new { externalAccount = account } },
        })!.AsObject();

    private static async Task<string> BalanceAsync(SandboxHost sandbox, string wallet)
        => (await sandbox.GetAsync($"/wallets/{wallet}/balance")).Text("balance");

    private static async Task<string> FieldAsync(SandboxHost sandbox, JsonObject request)
    {
        using var answer = await sandbox.TryPostAsync("/quotes", request);
        return (await answer.JsonAsync()).At("details")[0].Text("field");
    }
}
