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
            App = new Dictionary<string, string> { ["CashIns:MaxRefreshRounds"] = "1", ["CashIns:GraceTime"] = "00:00:12" },
        };

        /// <summary>Pays with the code that is valid now; whoever is too late for the last one asks for another.</summary>
        internal async Task PayInTimeAsync(string id)
        {
            while (true)
            {
                var document = await UntilAsync(id, document => document.Phase is "AwaitingDeposit" or "Expired");
                if (document.Phase == "Expired")
                    await App.CommandAsync(id, "refresh", default);
                else if (await TryPayAsync(document.NeedDeposit().Code, 120m))
                    return;
                var code = document.NeedDeposit().Code;
                await UntilAsync(id, next => next.Phase != document.Phase || next.Deposit?.Code != code);
            }
        }
    }

    [Fact]
    public async Task Code_RunsOut_IsRefreshedAndTheNewOnePaid()
    {
        var id = await ground.StartCashInAsync();
        var first = (await ground.UntilPhaseAsync(id, "AwaitingDeposit")).NeedDeposit().Code;
        var second = (await ground.UntilAsync(id, document => document.Deposit is { Round: 1 })).NeedDeposit().Code;

        var old = await ground.Till.PayAsync(first, 120m, default);
        await ground.PayInTimeAsync(id);

        second.Should().NotBe(first);
        old.Should().NotBe("00", "an old code is dead after a refresh (docs/oms-api.md 7.3)");
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

        await ground.PayInTimeAsync(id);

        LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(id, "Completed"));
    }
}
