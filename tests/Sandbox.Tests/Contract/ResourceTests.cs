using System.Net;
using System.Text.Json;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Contract;

/// <summary>Every resource the fixtures show comes out of the sandbox with the same members.</summary>
public sealed class ResourceTests
{
    [Fact]
    public async Task Every_resource_fixture_is_reproduced_in_shape()
    {
        var seen = new Dictionary<string, JsonElement>();
        await TellTheStoryAsync(seen);
        await TellTheFailuresAsync(seen);

        var fixtures = Fixture.Names("resources").Where(name => !name.EndsWith(".request", StringComparison.Ordinal)).ToList();
        seen.Keys.Should().BeEquivalentTo(fixtures);
        var differences = fixtures.SelectMany(name => Shape.Differences(Fixture.Read($"resources/{name}.json"), seen[name], name));
        differences.Should().BeEmpty();
    }

    [Fact]
    public async Task A_paid_cash_in_has_the_amounts_of_the_fixture_story()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var cashIn = await sandbox.CashInAsync();
        await sandbox.PayAsync(cashIn.Text("depositInstructions.code"));
        await sandbox.SettleAsync();

        var completed = await sandbox.GetAsync($"/cash-ins/{cashIn.Text("id")}");
        var expected = Fixture.Read("resources/cash-in.completed.json");
        string[] told =
        [
            "status", "subStatus", "source", "destination.amountNet", "destination.feesDeducted", "cash", "location", "rates",
            "omsFeeSchedule",
        ];
        foreach (var path in told)
            completed.At(path).GetRawText().Where(c => !char.IsWhiteSpace(c)).Should().Equal(
                expected.At(path).GetRawText().Where(c => !char.IsWhiteSpace(c)), path);
        var transaction = await sandbox.GetAsync($"/transactions/{completed.Text("transactionId")}");
        transaction.Text("destination.amountNet").Should().Be("117.70");
        transaction.Text("cashInId").Should().Be(cashIn.Text("id"));
    }

    [Fact]
    public async Task Older_member_names_are_taken_on_input()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (customer, wallet) = await sandbox.ReadyAsync();
        var request = Fixture.Request("cash-in.create-legacy");
        request["customerId"] = customer;
        request["destination"]!["wallet"]!["wallet"] = wallet;
        (await sandbox.PostAsync("/cash-ins", request)).Text("destination.wallet.id").Should().Be(wallet);
    }

    [Fact]
    public async Task A_minimal_customer_is_taken_and_another_version_is_not_known()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        (await sandbox.TryPostAsync("/customers", Fixture.Request("customer.create-minimal"))).StatusCode
            .Should().Be(HttpStatusCode.Created);
        (await sandbox.Http.GetAsync("/v0.11/customers")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await sandbox.Http.GetAsync("/v0.8/customers")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static async Task TellTheStoryAsync(Dictionary<string, JsonElement> seen)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        var key = Fixture.Request("auth-token");
        (key["apiKey"], key["apiSecret"]) = ("sk_sdbx_local", "local-sandbox");
        seen["auth-token"] = await sandbox.PostAsync("/auth/token", key);

        seen["webhook.created"] = await sandbox.PostAsync("/webhooks", new { url = receiver.Url, events = new[] { "cashIn.completed" } });
        var webhook = $"/webhooks/{seen["webhook.created"].Text("id")}";
        seen["webhook"] = await sandbox.GetAsync(webhook);
        seen["webhook.disabled"] = await sandbox.PatchAsync(webhook, Fixture.Request("webhook.update"));

        seen["customer.pending"] = await sandbox.PostAsync("/customers", Fixture.Request("customer.create"));
        var customer = seen["customer.pending"].Text("id");
        await sandbox.SettleAsync();
        seen["customer.active"] = await sandbox.GetAsync($"/customers/{customer}");
        seen["customers.list"] = await sandbox.GetAsync("/customers?externalId=user-000871");
        seen["wallet"] = await sandbox.WalletAsync(customer);
        var wallet = seen["wallet"].Text("id");
        seen["wallets.list"] = await sandbox.GetAsync($"/customers/{customer}/wallets");
        seen["cash-locations.list"] = await sandbox.GetAsync("/cash-locations?provider=greendot&latitude=40.7440&longitude=-73.9910");

        seen["cash-in.pending"] = await sandbox.PostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet));
        var cashIn = $"/cash-ins/{seen["cash-in.pending"].Text("id")}";
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(61));
        await sandbox.SignInAsync();
        seen["cash-in.expired"] = await sandbox.GetAsync(cashIn);
        seen["simulate.barcode-auth.expired"] = await sandbox.PostAsync("/cash-ins/simulate/barcode-auth",
            new { barcode = seen["cash-in.expired"].Text("depositInstructions.code"), amount = "120.00" });
        seen["cash-in.refreshed"] = await sandbox.PostAsync($"{cashIn}/refresh");

        seen["simulate.barcode-auth"] = await sandbox.PostAsync("/cash-ins/simulate/barcode-auth",
            new { barcode = seen["cash-in.refreshed"].Text("depositInstructions.code"), amount = "120.00", storeNumber = "4211" });
        seen["simulate.auth-commit"] = await sandbox.PostAsync("/cash-ins/simulate/auth-commit", new
        {
            accountNumber = seen["simulate.barcode-auth"].Text("accountNumber"),
            accountReferenceNumber = seen["simulate.barcode-auth"].Text("accountReferenceNumber"),
            amount = "120.00",
            originalConfirmationId = seen["simulate.barcode-auth"].Text("confirmationId"),
            customerId = customer,
        });
        seen["cash-in.processing"] = await sandbox.GetAsync(cashIn);
        var transaction = $"/transactions/{seen["cash-in.processing"].Text("transactionId")}";
        seen["transaction.fiatToCrypto.processing"] = await sandbox.GetAsync(transaction);
        await sandbox.SettleAsync();
        seen["cash-in.completed"] = await sandbox.GetAsync(cashIn);
        seen["cash-ins.list"] = await sandbox.GetAsync("/cash-ins");
        seen["transaction.fiatToCrypto.completed"] = await sandbox.GetAsync(transaction);
        seen["transactions.list"] = await sandbox.GetAsync("/transactions");
        seen["customer.with-wallet"] = await sandbox.GetAsync($"/customers/{customer}");
        seen["wallet-balance"] = await sandbox.GetAsync($"/wallets/{wallet}/balance");

        var quote = Fixture.Request("quote.create");
        quote["customerId"] = customer;
        quote["source"]!["walletId"] = wallet;
        seen["quote"] = await sandbox.PostAsync("/quotes", quote);
        var sent = await sandbox.PostAsync("/transactions", new { quoteId = seen["quote"].Text("id") });
        await sandbox.SettleAsync();
        seen["transaction.cryptoToCrypto.completed"] = await sandbox.GetAsync($"/transactions/{sent.Text("id")}");
        var accounts = (await sandbox.GetAsync($"/external-accounts?customerId={customer}")).At("data");
        (seen["external-account"], seen["external-account.card"]) = (accounts[0], accounts[1]);
        var receiving = Fixture.Request("virtual-account.create");
        (receiving["customerId"], receiving["destination"]!["wallet"]!["id"]) = (customer, wallet);
        seen["virtual-account"] = await sandbox.PostAsync("/virtual-accounts", receiving);
        seen["deposit-address"] = await sandbox.SimAsync("/deposit-addresses", receiving);
        seen["simulate.deposit"] = await sandbox.PostAsync(
            $"/virtual-accounts/{seen["virtual-account"].Text("id")}/simulate", new { amount = "40.00", rail = "ach" });
        await sandbox.SettleAsync();
        seen["transaction.fiatToCrypto.deposit"] = (await sandbox.GetAsync("/transactions")).At("data")[0];
        var place = Fixture.Request("cash-in.create")["cash"];
        quote["destination"] = JsonSerializer.SerializeToNode(new { asset = "usd", network = "cash", cash = place });
        quote["source"]!["amount"] = "25.00";
        var pickup = await sandbox.PostAsync("/transactions", new { quoteId = (await sandbox.PostAsync("/quotes", quote)).Text("id") });
        await sandbox.SettleAsync();
        seen["transaction.cryptoToFiat.cashPickupReady"] = await sandbox.GetAsync($"/transactions/{pickup.Text("id")}");
    }

    private static async Task TellTheFailuresAsync(Dictionary<string, JsonElement> seen)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        seen["customer.unprovisioned"] = await sandbox.CustomerAsync(request: "customer.create-minimal");
        await sandbox.SimAsync("/endorsements", new { decision = "issues", next = true });
        seen["customer.issues"] = await sandbox.CustomerAsync();
        await sandbox.SimAsync("/endorsements", new { decision = "reject", next = true });
        seen["customer.rejected"] = await sandbox.CustomerAsync();

        var (customer, wallet) = await sandbox.ReadyAsync();
        await sandbox.SimAsync("/conversions/next", new { fail = true });
        seen["cash-in.failed-conversion"] = await FailAsync(sandbox, customer, wallet);
        seen["transaction.fiatToCrypto.failed"] = await sandbox.GetAsync(
            $"/transactions/{seen["cash-in.failed-conversion"].Text("transactionId")}");
        await sandbox.SimAsync("/faults", new[] { new { fault = "failTill" } });
        seen["cash-in.failed-at-till"] = await FailAsync(sandbox, customer, wallet);
    }

    private static async Task<JsonElement> FailAsync(SandboxHost sandbox, string customer, string wallet)
    {
        var cashIn = await sandbox.PostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet));
        await sandbox.PayAsync(cashIn.Text("depositInstructions.code"));
        await sandbox.SettleAsync();
        return await sandbox.GetAsync($"/cash-ins/{cashIn.Text("id")}");
    }
}
