using OmsWorkflows.Local.AppHost.Services;

namespace OmsWorkflows.EndToEnd;

/// <summary>Codes that run out. The hour is shortened in the sandbox; the app waits for what OMS says.</summary>
public sealed class ExpiryTests(ExpiryTests.Ground ground) : IClassFixture<ExpiryTests.Ground>
{
    public sealed class Ground : LocalMachine
    {
        internal override MachineSettings Settings => new()
        {
            Sandbox = new Dictionary<string, string> { ["Sandbox:CodeLifetime"] = "00:00:05", ["Sandbox:ExpirySweep"] = "00:00:01" },
            App = new Dictionary<string, string> { ["CashIns:MaxRefreshRounds"] = "1", ["CashIns:GraceTime"] = "00:00:04" },
        };
    }

    [Fact]
    public async Task Code_RunsOut_IsRefreshedAndTheNewOnePaid()
    {
        var id = await ground.StartCashInAsync();
        var first = LocalMachine.Code(await ground.UntilPhaseAsync(id, "AwaitingDeposit"));
        var second = LocalMachine.Code(await ground.UntilAsync(id, document => LocalMachine.Round(document) == 1));

        var old = await ground.Till.PayAsync(first, 120m, default);
        var paid = await ground.Till.PayAsync(second, 120m, default);

        second.Should().NotBe(first);
        old.Should().NotBe("00", "an old code is dead after a refresh (docs/oms-api.md 7.3)");
        paid.Should().Be("00");
        LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(id, "Completed"));
    }

    [Fact]
    public async Task Code_RunsOutInEveryRound_ExpiresRevivablyAndThenForGood()
    {
        var id = await ground.StartCashInAsync();

        var revivable = await ground.UntilPhaseAsync(id, "Expired");
        var final = await ground.UntilAsync(
            id, document => LocalMachine.Phase(document) == "Expired" && document["ended"]!.GetValue<bool>());

        revivable["ended"]!.GetValue<bool>().Should().BeFalse();
        revivable["links"]!["refresh"]!.GetValue<string>().Should().EndWith("/refresh");
        LocalMachine.Round(final).Should().Be(1);
        final["settlement"].Should().BeNull();
    }

    [Fact]
    public async Task Code_RanOutForNow_IsRevivedByTheCallerAndPaid()
    {
        var id = await ground.StartCashInAsync();
        await ground.UntilPhaseAsync(id, "Expired");

        await ground.App.CommandAsync(id, "refresh", default);
        await ground.PayAsync(id, 120m);

        LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(id, "Completed"));
    }
}
