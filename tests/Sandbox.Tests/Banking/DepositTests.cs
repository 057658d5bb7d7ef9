using System.Net;
using System.Text.Json;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.Banking;

/// <summary>Money that arrives at a bank account or an address (docs/oms-api.md 8.1).</summary>
public sealed class DepositTests
{
    [Theory]
    [InlineData("ach")]
    [InlineData("wire")]
    [InlineData("swift")]
    public async Task A_bank_transfer_becomes_a_transaction_without_a_cash_in(string rail)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await receiver.SubscribeAsync(sandbox, "transaction.*");
        var (account, customer, wallet) = await AccountAsync(sandbox);

        var sent = await sandbox.PostAsync($"/virtual-accounts/{account}/simulate", new { amount = "40.00", rail });
        (sent.Text("status"), sent.At("transactionId").ValueKind).Should().Be(("pending", JsonValueKind.Null));
        await sandbox.SettleAsync();

        var transaction = (await sandbox.GetAsync($"/transactions?customerId={customer}")).At("data")[0];
        (transaction.Text("type"), transaction.Text("status"), transaction.Text("virtualAccountId"), transaction.Text("paymentRail"))
            .Should().Be(("fiatToCrypto", "completed", account, rail));
        transaction.TryGetProperty("cashInId", out _).Should().BeFalse();
        (transaction.Text("source.amountGross"), transaction.Text("destination.amountNet")).Should().Be(("40.00", "39.80"));
        (await BalanceAsync(sandbox, wallet)).Should().Be("39.800000");
        receiver.Events.Should().Equal("transaction.fiatToCrypto.processing", "transaction.fiatToCrypto.completed");
        (await sandbox.SimGetAsync("/ledger")).At("settlements")[0].Text("virtualAccountId").Should().Be(account);
    }

    [Fact]
    public async Task An_ACH_transfer_returned_on_its_way_never_becomes_a_transaction()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (account, _, wallet) = await AccountAsync(sandbox);
        var deposit = await sandbox.PostAsync($"/virtual-accounts/{account}/simulate", new { amount = "40.00", rail = "ach" });

        (await sandbox.SimAsync($"/deposits/{deposit.Text("id")}/return")).Text("status").Should().Be("returned");
        await sandbox.SettleAsync();

        (await sandbox.GetAsync("/transactions")).At("data").GetArrayLength().Should().Be(0);
        (await BalanceAsync(sandbox, wallet)).Should().Be("0.000000");
    }

    [Fact]
    public async Task An_ACH_transfer_returned_while_it_is_converted_fails_its_transaction()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (account, _, wallet) = await AccountAsync(sandbox);
        var deposit = await sandbox.PostAsync($"/virtual-accounts/{account}/simulate", new { amount = "40.00" });
        await sandbox.AdvanceAsync(TimeSpan.FromSeconds(3));

        await sandbox.SimAsync($"/deposits/{deposit.Text("id")}/return");
        await sandbox.SettleAsync();

        var transaction = (await sandbox.GetAsync("/transactions")).At("data")[0];
        (transaction.Text("status"), transaction.Text("error.code")).Should().Be(("failed", "deposit_returned"));
        (await BalanceAsync(sandbox, wallet)).Should().Be("0.000000");
        (await sandbox.SimGetAsync("/ledger")).At("total").At("count").GetInt32().Should().Be(0);
    }

    [Fact]
    public async Task An_ACH_transfer_returned_at_the_end_is_taken_from_the_wallet_and_from_the_ledger()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        await receiver.SubscribeAsync(sandbox, "transaction.*.failed");
        var (account, _, wallet) = await AccountAsync(sandbox);
        var deposit = await sandbox.PostAsync($"/virtual-accounts/{account}/simulate", new { amount = "40.00" });
        await sandbox.SettleAsync();

        await sandbox.SimAsync($"/deposits/{deposit.Text("id")}/return");
        await sandbox.SettleAsync();

        (await sandbox.GetAsync("/transactions")).At("data")[0].Text("status").Should().Be("failed");
        (await BalanceAsync(sandbox, wallet)).Should().Be("0.000000");
        (await sandbox.SimGetAsync("/ledger")).Text("total.net").Should().Be("0.00");
        receiver.Events.Should().Equal("transaction.fiatToCrypto.failed");
        using var again = await sandbox.Http.PostAsync($"/_sim/deposits/{deposit.Text("id")}/return", null);
        again.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task The_next_deposit_can_be_told_to_be_returned_and_a_wire_is_final()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (account, customer, _) = await AccountAsync(sandbox);
        await sandbox.SimAsync("/faults", new { fault = "returnDeposit", match = new { customerId = customer } });

        await sandbox.PostAsync($"/virtual-accounts/{account}/simulate", new { amount = "40.00" });
        await sandbox.SettleAsync();
        var wire = await sandbox.PostAsync($"/virtual-accounts/{account}/simulate", new { amount = "50.00", rail = "wire" });
        await sandbox.SettleAsync();

        (await sandbox.SimGetAsync("/deposits")).At("data").EnumerateArray().Select(deposit => deposit.Text("status"))
            .Should().Equal("settled", "returned");
        using var refused = await sandbox.Http.PostAsync($"/_sim/deposits/{wire.Text("id")}/return", null);
        refused.StatusCode.Should().Be(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_paused_account_takes_nothing()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (account, _, _) = await AccountAsync(sandbox);
        await sandbox.SimAsync($"/virtual-accounts/{account}/status", new { status = "paused" });

        using var refused = await sandbox.TryPostAsync($"/virtual-accounts/{account}/simulate", new { amount = "40.00" });

        refused.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await refused.JsonAsync()).Text("code").Should().Be("invalid_state");
    }

    [Fact]
    public async Task Without_early_access_only_Polygon_opens_an_account_and_money_still_arrives()
    {
        await using var sandbox = await SandboxHost.StartAsync(("EarlyAccess", "false"));
        var (customer, wallet) = await sandbox.ReadyAsync();

        using var refused = await sandbox.TryPostAsync("/virtual-accounts", Request(customer, wallet));
        var account = await sandbox.SimAsync("/virtual-accounts", Request(customer, wallet));

        refused.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await refused.JsonAsync()).Text("code").Should().Be("forbidden");
        (await sandbox.Http.GetAsync("/v0.9/virtual-accounts")).StatusCode.Should().Be(HttpStatusCode.Forbidden);
        account.Text("status").Should().Be("active");
    }

    [Fact]
    public async Task An_account_needs_endorsements_and_the_wallet_of_its_customer()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (_, wallet) = await sandbox.ReadyAsync();
        var other = await sandbox.CustomerAsync();
        await sandbox.SimAsync("/endorsements", new { decision = "never", next = true });
        var pending = await sandbox.CustomerAsync();

        (await sandbox.TryPostAsync("/virtual-accounts", Request(other.Text("id"), wallet))).StatusCode
            .Should().Be(HttpStatusCode.NotFound);
        (await sandbox.TryPostAsync("/virtual-accounts", Request(pending.Text("id"), wallet))).StatusCode
            .Should().Be(HttpStatusCode.Forbidden);
        (await sandbox.TryPostAsync("/virtual-accounts", new { customerId = "x" })).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Tokens_sent_to_a_deposit_address_reach_the_wallet()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var (customer, wallet) = await sandbox.ReadyAsync();
        var address = await sandbox.SimAsync("/deposit-addresses", Request(customer, wallet));

        await sandbox.PostAsync($"/deposit-addresses/{address.Text("id")}/simulate", new { amount = "40.00" });
        await sandbox.SettleAsync();

        var transaction = (await sandbox.GetAsync("/transactions")).At("data")[0];
        (transaction.Text("type"), transaction.Text("depositAddressId"), transaction.Text("status"))
            .Should().Be(("cryptoToCrypto", address.Text("id"), "completed"));
        (await BalanceAsync(sandbox, wallet)).Should().Be("40.000000");
    }

    internal static object Request(string customerId, string walletId)
        => new { customerId, destination = new { wallet = new { id = walletId }, asset = "usdc", network = "polygon" } };

    private static async Task<(string Account, string Customer, string Wallet)> AccountAsync(SandboxHost sandbox)
    {
        var (customer, wallet) = await sandbox.ReadyAsync();
        return ((await sandbox.PostAsync("/virtual-accounts", Request(customer, wallet))).Text("id"), customer, wallet);
    }

    private static async Task<string> BalanceAsync(SandboxHost sandbox, string wallet)
        => (await sandbox.GetAsync($"/wallets/{wallet}/balance")).Text("balance");
}
