using System.Net;
using System.Text.Json;
using OmsWorkflows.Local.Sandbox.CashIns;
using OmsWorkflows.Sandbox.Tests.Support;

namespace OmsWorkflows.Sandbox.Tests.CashIns;

/// <summary>Codes, the till, limits (docs/oms-api.md 7, 10).</summary>
public sealed class CashInTests
{
    [Fact]
    public async Task Code_dies_at_its_time_and_the_status_follows_at_the_next_sweep()
    {
        await using var sandbox = await SandboxHost.StartAsync(("ExpirySweep", "00:00:07"));
        var cashIn = await sandbox.CashInAsync();
        await sandbox.AdvanceAsync(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        await sandbox.SignInAsync();
        (await StatusAsync(sandbox, cashIn)).Should().Be("pending");
        await sandbox.AdvanceAsync(TimeSpan.FromMilliseconds(1));
        (await TillAsync(sandbox, cashIn)).Should().Be("54");
        await sandbox.AdvanceAsync(TimeSpan.FromSeconds(7));
        (await StatusAsync(sandbox, cashIn)).Should().Be("expired");
    }

    [Fact]
    public async Task Refresh_gives_a_new_code_and_kills_the_old_one_at_once()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var first = await sandbox.CashInAsync();
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(30));
        var second = await sandbox.PostAsync($"/cash-ins/{first.Text("id")}/refresh");
        second.Text("id").Should().Be(first.Text("id"));
        second.Text("depositInstructions.code").Should().NotBe(first.Text("depositInstructions.code"));
        second.At("depositInstructions.expiresAt").GetDateTimeOffset().Should().Be(sandbox.Now() + TimeSpan.FromHours(1));
        (await TillAsync(sandbox, first)).Should().Be("14");

        // The first round's expiry is void, the second's is not.
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(31));
        await sandbox.SignInAsync();
        (await StatusAsync(sandbox, first)).Should().Be("pending");
        (await TillAsync(sandbox, second)).Should().Be("00");
        (await TillAsync(sandbox, second)).Should().Be("14", "a code is used once");
    }

    [Fact]
    public async Task Refresh_with_the_same_key_gives_the_same_code_again()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var cashIn = await sandbox.CashInAsync();
        var path = $"/cash-ins/{cashIn.Text("id")}/refresh";
        var first = await (await sandbox.TryPostAsync(path, key: "round-1")).JsonAsync();
        var again = await (await sandbox.TryPostAsync(path, key: "round-1")).JsonAsync();
        var second = await (await sandbox.TryPostAsync(path, key: "round-2")).JsonAsync();
        again.Text("depositInstructions.code").Should().Be(first.Text("depositInstructions.code"));
        second.Text("depositInstructions.code").Should().NotBe(first.Text("depositInstructions.code"));
    }

    [Fact]
    public async Task Refresh_is_refused_while_processing_and_after_the_cap()
    {
        await using var sandbox = await SandboxHost.StartAsync(("MaxRefreshes", "1"));
        var cashIn = await sandbox.CashInAsync();
        var path = $"/cash-ins/{cashIn.Text("id")}/refresh";
        cashIn = await sandbox.PostAsync(path);
        (await sandbox.TryPostAsync(path)).StatusCode.Should().Be(HttpStatusCode.Conflict);
        await sandbox.PayAsync(cashIn.Text("depositInstructions.code"));
        using var refused = await sandbox.TryPostAsync(path);
        (await refused.JsonAsync()).At("details")[0].Text("issue").Should().Be("processing");
    }

    [Fact]
    public async Task Cash_scanned_in_time_counts_after_expiry()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var cashIn = await sandbox.CashInAsync();
        var scan = (
            await sandbox.SimAsync("/cash", new { cashInId = cashIn.Text("id"), amount = "120.00", commit = false })).At("authorisation");
        await sandbox.AdvanceAsync(TimeSpan.FromHours(2));
        await sandbox.SignInAsync();
        (await StatusAsync(sandbox, cashIn)).Should().Be("expired");
        var commit = await sandbox.PostAsync("/cash-ins/simulate/auth-commit", new
        {
            accountNumber = scan.Text("accountNumber"),
            accountReferenceNumber = scan.Text("accountReferenceNumber"),
            amount = "120.00",
            originalConfirmationId = scan.Text("confirmationId"),
        });
        commit.Text("responseCode").Should().Be("00");
        (await StatusAsync(sandbox, cashIn)).Should().Be("processing");
        await sandbox.SettleAsync();
        (await StatusAsync(sandbox, cashIn)).Should().Be("completed");
    }

    [Theory]
    [InlineData("19.99", "61")]
    [InlineData("20.00", "00")]
    [InlineData("500.00", "00")]
    [InlineData("500.01", "61")]
    public async Task Till_keeps_to_the_limits_of_one_deposit(string amount, string code)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        (await TillAsync(sandbox, await sandbox.CashInAsync(), amount)).Should().Be(code);
    }

    [Fact]
    public void Windows_roll()
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(50);
        (DateTimeOffset, decimal)[] threeToday = [(now.AddHours(-23), 100), (now.AddHours(-2), 100), (now.AddHours(-1), 100)];
        CashInLimits.AllowsMore(20, now, threeToday).Should().BeFalse("three a day");
        CashInLimits.AllowsMore(20, now.AddHours(1), threeToday).Should().BeTrue("the first one left the window");
        CashInLimits.AllowsMore(501, now, [(now.AddHours(-1), 1000)]).Should().BeFalse("1,500 a day");
        CashInLimits.AllowsMore(500, now, [(now.AddHours(-1), 1000)]).Should().BeTrue();
        CashInLimits.AllowsMore(501, now, [(now.AddDays(-2), 1500), (now.AddDays(-4), 1500)]).Should().BeFalse("3,500 a week");
        CashInLimits.AllowsMore(600, now, [(now.AddDays(-10), 3000), (now.AddDays(-20), 1500)]).Should().BeFalse("5,000 a month");
    }

    [Fact]
    public async Task Slow_conversion_takes_its_time_and_the_ledger_has_only_what_was_settled()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var cashIn = await sandbox.CashInAsync();
        await sandbox.SimAsync("/conversions/next", new { delay = "PT30M" });
        await sandbox.PayAsync(cashIn.Text("depositInstructions.code"));
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(29));
        (await StatusAsync(sandbox, cashIn)).Should().Be("processing");
        (await sandbox.SimGetAsync("/ledger")).At("total.count").GetInt32().Should().Be(0);
        await sandbox.AdvanceAsync(TimeSpan.FromMinutes(1));
        (await StatusAsync(sandbox, cashIn)).Should().Be("completed");
        var ledger = await sandbox.SimGetAsync("/ledger");
        ledger.Text("total.net").Should().Be("117.70");
        ledger.At("customers").GetProperty(cashIn.Text("customerId")).Text("gross").Should().Be("120.00");
    }

    [Fact]
    public async Task One_open_code_too_many_kills_the_oldest()
    {
        await using var sandbox = await SandboxHost.StartAsync(("MaxOpenCodes", "1"));
        var (customer, wallet) = await sandbox.ReadyAsync();
        var first = await sandbox.PostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet));
        var second = await sandbox.PostAsync("/cash-ins", SandboxHost.CashInRequest(customer, wallet));
        (await StatusAsync(sandbox, first)).Should().Be("expired");
        (await TillAsync(sandbox, first)).Should().Be("54");
        (await TillAsync(sandbox, second)).Should().Be("00");
    }

    [Fact]
    public async Task Locations_are_listed_by_distance_and_a_reference_must_fit()
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var near = (await sandbox.GetAsync("/cash-locations?provider=greendot&latitude=40.7412&longitude=-73.9897&limit=2")).At("data");
        near.EnumerateArray().Select(location => location.Text("name")).Should().Equal("Corner Pharmacy #4211", "Corner Pharmacy #4217");
        near[0].Text("distance").Should().Be("0.00");
        (await sandbox.GetAsync("/cash-locations?provider=greendot&latitude=0&longitude=0")).At("data").GetArrayLength().Should().Be(0);
        (await sandbox.Http.GetAsync("/v0.9/cash-locations?provider=greendot&latitude=91")).StatusCode
            .Should().Be(HttpStatusCode.BadRequest);

        var (customer, wallet) = await sandbox.ReadyAsync();
        var request = SandboxHost.CashInRequest(customer, wallet);
        request["cash"]!["locationReference"] = near[1].Text("locationReference");
        (await sandbox.TryPostAsync("/cash-ins", request)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    private static async Task<string> StatusAsync(SandboxHost sandbox, JsonElement cashIn)
        => (await sandbox.GetAsync($"/cash-ins/{cashIn.Text("id")}")).Text("status");

    private static async Task<string> TillAsync(SandboxHost sandbox, JsonElement cashIn, string amount = "120.00")
        => (await sandbox.PayAsync(cashIn.Text("depositInstructions.code"), amount)).Text("authorisation.responseCode");
}
