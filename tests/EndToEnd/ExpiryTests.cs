using OmsWorkflows.Machines;

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
        var first = (await ground.UntilPhaseAsync(id, "AwaitingDeposit")).NeedDeposit().Code;
        var second = (await ground.UntilAsync(id, document => document.Deposit is { Round: 1 })).NeedDeposit().Code;

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
        var final = await ground.UntilAsync(id, document => document is { Phase: "Expired", Ended: true });

        revivable.Ended.Should().BeFalse();
        revivable.Links["refresh"].Should().EndWith("/refresh");
        final.NeedDeposit().Round.Should().Be(1);
        final.Settlement.Should().BeNull();
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
