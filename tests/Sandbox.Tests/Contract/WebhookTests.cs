using System.Text.Json;
using OmsWorkflows.Sandbox.Tests.Banking;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Contract;

/// <summary>Every webhook the sandbox sends has the members of its fixture.</summary>
public sealed class WebhookTests
{
    // What v0.11 has names for although no call or control leads to it.
    private static readonly string[] NeverRaised =
    [
        "counterparty.", "deposit_address.ach_payout.", "deposit_address.wire_payout.", "deposit_address.intl_wire_payout.",
        "deposit_address.crypto_payout.",
        "deposit_address.crypto_deposit.failed", "deposit_address.crypto_deposit.needs_attribution", "depositAddress.closed",
        "depositAddress.failed",
        "depositAddress.frozen", "virtualAccount.closed", "virtualAccount.failed", "virtualAccount.frozen", "virtualAccount.fiatTransfer.",
        "virtualAccount.cryptoTransfer.initiated", "virtualAccount.deposit.failed",
    ];

    [Theory]
    [InlineData("v0.9")]
    [InlineData("v0.11")]
    public async Task Every_webhook_fixture_is_reproduced_in_shape(string version)
    {
        await using var sandbox = await SandboxHost.StartAsync(("ApiVersion", version));
        await using var receiver = await Receiver.StartAsync();
        var (endpoint, _) = await receiver.SubscribeAsync(sandbox);
        await LiveThroughEverythingAsync(sandbox, endpoint);

        var fixtures = Fixture.Names($"webhooks/{version}").Where(
            name => !NeverRaised.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList();
        receiver.Events.Distinct().Should().Contain(fixtures);
        var differences = fixtures.SelectMany(
            name => receiver.Inbox.Where(received => received.Event == name && !IsOther(received)).SelectMany(received
            => Shape.Differences(Fixture.Read($"webhooks/{version}/{name}.json"), received.Json, name)));
        differences.Should().BeEmpty();
    }

    [Fact]
    public async Task Later_names_replace_the_earlier_ones()
    {
        await using var sandbox = await SandboxHost.StartAsync(("ApiVersion", "v0.11"));
        await using var receiver = await Receiver.StartAsync();
        var (endpoint, _) = await receiver.SubscribeAsync(sandbox);
        await LiveThroughEverythingAsync(sandbox, endpoint);
        receiver.Events.Distinct().Where(name => !name.Contains("ccount.") && !name.Contains("ddress.")).Should().BeEquivalentTo(
            "endorsement.updated", "endorsement.active", "wallet.provisioned", "wallet.depositDetected", "cashIn.created", "cashIn.expired",
            "cashIn.completed", "transaction.statusChanged", "webhook.test",
            "transaction.fiatToCrypto.underReview", "transaction.cryptoToFiat.underReview", "transaction.cryptoToCrypto.underReview");
        receiver.Inbox.First(
            received => received.Event == "transaction.statusChanged").Json.TryGetProperty("event", out _).Should().BeFalse();
    }

    [Fact]
    public async Task A_held_transaction_says_so_in_later_versions()
    {
        await using var sandbox = await SandboxHost.StartAsync(("ApiVersion", "v0.11"));
        var (customer, wallet) = await sandbox.ReadyAsync();
        var account = (await sandbox.PostAsync("/virtual-accounts", DepositTests.Request(customer, wallet))).Text("id");
        await sandbox.SimAsync("/faults", new { fault = "hold" });
        await sandbox.PostAsync($"/virtual-accounts/{account}/simulate", new { amount = "40.00" });
        await sandbox.SettleAsync();

        (await sandbox.GetAsync("/transactions")).At("data")[0].Text("status").Should().Be("awaitingAction");
    }

    [Fact]
    public async Task Sequences_rise_with_every_change_of_the_resource()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await receiver.SubscribeAsync(sandbox);
        var cashIn = await sandbox.CashInAsync();
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(61));
        await sandbox.SignInAsync();
        cashIn = await sandbox.PostAsync($"/cash-ins/{cashIn.Text("id")}/refresh");
        await sandbox.PayAsync(cashIn.Text("depositInstructions.code"));
        await sandbox.SettleAsync();

        string[] names =
        [
            "cashIn.created", "cashIn.expired", "cashIn.completed", "customer.endorsement.granted", "transaction.fiatToCrypto.processing",
            "transaction.fiatToCrypto.completed",
        ];
        foreach (var name in names)
        {
            var sequence = receiver.Inbox.Single(received => received.Event == name).Json.At("sequence").GetInt32();
            sequence.Should().Be(Fixture.Read($"webhooks/v0.9/{name}.json").At("sequence").GetInt32(), name);
        }
    }

    /// <summary>
    /// What is not the subject of a fixture: a card where it shows a bank account, a deposit where it shows a cash-in or a send.
    /// </summary>
    private static bool IsOther(Received received)
    {
        var data = received.Json.At("data");
        bool Has(string member) => data.TryGetProperty(member, out _);
        return Has("cardDetails") || (Has("type") && (Has("virtualAccountId") || Has("depositAddressId")));
    }

    private static async Task LiveThroughEverythingAsync(SandboxHost sandbox, string endpoint)
    {
        await sandbox.SimAsync($"/webhooks/{endpoint}/test");
        await sandbox.SimAsync($"/webhooks/{endpoint}/compliance");
        var (customer, wallet) = await sandbox.ReadyAsync();
        await sandbox.SimAsync($"/wallets/{wallet}/deposit", new { amount = "500.00" });
        foreach (var fail in (bool[])[false, true])
        {
            var cashIn = await sandbox.PostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet));
            if (fail)
                await sandbox.SimAsync("/conversions/next", new { fail });
            await sandbox.PayAsync(cashIn.Text("depositInstructions.code"));
            await sandbox.SettleAsync();
            foreach (var toBank in (bool[])[false, true])
                await SendAsync(sandbox, customer, wallet, toBank, fail);
        }
        await HoldAsync(sandbox, customer, wallet);
        await ReceiveAsync(sandbox, customer, wallet);
        await sandbox.PostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet));
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(61));
    }

    private static async Task HoldAsync(SandboxHost sandbox, string customer, string wallet)
    {
        await sandbox.SimAsync("/faults", new { fault = "hold", times = 3 });
        var cashIn = await sandbox.PostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet));
        await sandbox.PayAsync(cashIn.Text("depositInstructions.code"));
        foreach (var toBank in (bool[])[false, true])
            await SendAsync(sandbox, customer, wallet, toBank, fail: false);
        foreach (var transaction in (await sandbox.GetAsync("/transactions?limit=3")).At("data").EnumerateArray())
            await sandbox.SimAsync($"/transactions/{transaction.Text("id")}/release");
        await sandbox.SettleAsync();
    }

    /// <summary>Money that comes by itself: settled, failed, returned, held; and accounts that change.</summary>
    private static async Task ReceiveAsync(SandboxHost sandbox, string customer, string wallet)
    {
        var request = DepositTests.Request(customer, wallet);
        var account = (await sandbox.PostAsync("/virtual-accounts", request)).Text("id");
        var address = (await sandbox.SimAsync("/deposit-addresses", request)).Text("id");
        foreach (var fault in (string[])["failConversion", "returnDeposit", "hold"])
        {
            await sandbox.SimAsync("/faults", new { fault });
            await sandbox.PostAsync($"/virtual-accounts/{account}/simulate", new { amount = "40.00" });
            await sandbox.SettleAsync();
        }
        var held = (await sandbox.GetAsync("/transactions")).At("data")[0].Text("id");
        await sandbox.SimAsync($"/transactions/{held}/release");
        await sandbox.PostAsync($"/deposit-addresses/{address}/simulate", new { amount = "40.00" });
        await sandbox.SettleAsync();
        foreach (var status in (string[])["paused", "deleted"])
        {
            await sandbox.SimAsync($"/virtual-accounts/{account}/status", new { status });
            await sandbox.SimAsync($"/deposit-addresses/{address}/status", new { status });
        }
        var bank = (await sandbox.GetAsync($"/external-accounts?customerId={customer}")).At("data")[0].Text("id");
        foreach (var status in (string[])["declined", "verified", "deleted"])
            await sandbox.SimAsync($"/external-accounts/{bank}/status", new { status });
        await sandbox.SettleAsync();
    }

    private static async Task SendAsync(SandboxHost sandbox, string customer, string wallet, bool toBank, bool fail)
    {
        var request = Fixture.Request("quote.create");
        (request["customerId"], request["source"]!["walletId"]) = (customer, wallet);
        if (toBank)
        {
            var account = (await sandbox.GetAsync($"/external-accounts?customerId={customer}")).At("data")[0].Text("id");
            request["destination"] = JsonSerializer.SerializeToNode(
                new { asset = "usd", network = "ach", wallet = new { externalAccount = account } });
        }
        var quote = await sandbox.PostAsync("/quotes", request);
        if (fail)
            await sandbox.SimAsync("/conversions/next", new { fail });
        await sandbox.PostAsync("/transactions", new { quoteId = quote.Text("id") });
        await sandbox.SettleAsync();
    }
}
