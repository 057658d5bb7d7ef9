using System.Text.Json;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Contract;

/// <summary>Every webhook the sandbox sends has the members of its fixture.</summary>
public sealed class WebhookTests
{
    // What v0.11 names for things v0.9 has no calls for; the sandbox never raises them.
    private static readonly string[] RaisedInLaterNames = ["cashIn.created", "cashIn.completed", "endorsement.updated", "wallet.provisioned", "webhook.test"];

    [Theory]
    [InlineData("v0.9")]
    [InlineData("v0.11")]
    public async Task Every_webhook_fixture_is_reproduced_in_shape(string version)
    {
        await using var sandbox = await SandboxHost.StartAsync(("EventVersion", version));
        await using var receiver = await Receiver.StartAsync();
        var (endpoint, _) = await receiver.SubscribeAsync(sandbox);
        await LiveThroughEverythingAsync(sandbox, endpoint);

        var fixtures = version == "v0.9" ? [.. Fixture.Names("webhooks/v0.9")] : RaisedInLaterNames;
        receiver.Events.Distinct().Should().Contain(fixtures);
        var differences = fixtures.SelectMany(name => receiver.Inbox.Where(received => received.Event == name).SelectMany(received =>
            Shape.Differences(Fixture.Read($"webhooks/{version}/{name}.json"), received.Json, name)));
        differences.Should().BeEmpty();
    }

    [Fact]
    public async Task Later_names_replace_the_earlier_ones()
    {
        await using var sandbox = await SandboxHost.StartAsync(("EventVersion", "v0.11"));
        await using var receiver = await Receiver.StartAsync();
        var (endpoint, _) = await receiver.SubscribeAsync(sandbox);
        await LiveThroughEverythingAsync(sandbox, endpoint);
        receiver.Events.Distinct().Should().BeEquivalentTo(
            "endorsement.updated", "endorsement.active", "wallet.provisioned", "wallet.depositDetected", "cashIn.created", "cashIn.expired", "cashIn.completed",
            "transaction.statusChanged", "webhook.test");
        receiver.Inbox.First(received => received.Event == "transaction.statusChanged").Json.TryGetProperty("event", out _).Should().BeFalse();
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

        foreach (var name in (string[])["cashIn.created", "cashIn.expired", "cashIn.completed", "customer.endorsement.granted", "transaction.fiatToCrypto.processing", "transaction.fiatToCrypto.completed"])
        {
            var sequence = receiver.Inbox.Single(received => received.Event == name).Json.At("sequence").GetInt32();
            sequence.Should().Be(Fixture.Read($"webhooks/v0.9/{name}.json").At("sequence").GetInt32(), name);
        }
    }

    private static async Task LiveThroughEverythingAsync(SandboxHost sandbox, string endpoint)
    {
        await sandbox.SimAsync($"/webhooks/{endpoint}/test");
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
        await sandbox.PostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet));
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(61));
    }

    private static async Task SendAsync(SandboxHost sandbox, string customer, string wallet, bool toBank, bool fail)
    {
        var request = Fixture.Request("quote.create");
        (request["customerId"], request["source"]!["walletId"]) = (customer, wallet);
        if (toBank)
        {
            var account = (await sandbox.GetAsync($"/external-accounts?customerId={customer}")).At("data")[0].Text("id");
            request["destination"] = JsonSerializer.SerializeToNode(new { asset = "usd", network = "ach", wallet = new { externalAccount = account } });
        }
        var quote = await sandbox.PostAsync("/quotes", request);
        if (fail)
            await sandbox.SimAsync("/conversions/next", new { fail });
        await sandbox.PostAsync("/transactions", new { quoteId = quote.Text("id") });
        await sandbox.SettleAsync();
    }
}
