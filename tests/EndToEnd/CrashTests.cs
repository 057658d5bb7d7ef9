using OmsWorkflows.Local.AppHost.Services;

namespace OmsWorkflows.EndToEnd;

/// <summary>The app is killed without warning between any two phases and started again: nothing is lost and nothing happens twice.</summary>
public sealed class CrashTests(CrashTests.Ground ground) : IClassFixture<CrashTests.Ground>
{
    public sealed class Ground : LocalMachine
    {
        internal override MachineSettings Settings => new()
        {
            // Long enough to be killed in; and what OMS could not deliver meanwhile comes again soon.
            Sandbox = new Dictionary<string, string>
            {
                ["Sandbox:EndorsementDelay"] = "00:00:02",
                ["Sandbox:ConversionDelay"] = "00:00:02",
                ["Sandbox:RetrySchedule"] = "00:00:00,00:00:01,00:00:01,00:00:02,00:00:02,00:00:05,00:00:05,00:00:05,00:00:10,00:00:10",
            },
        };
    }

    [Theory]
    [InlineData("Accepted")]
    [InlineData("AwaitingEndorsements")]
    [InlineData("AwaitingDeposit")]
    [InlineData("AwaitingSettlement")]
    public async Task App_KilledInAPhase_GoesOnWhereItWas(string phase)
    {
        var before = await ground.Sandbox.CountsAsync();
        var id = await ground.StartCashInAsync();

        if (phase is "AwaitingEndorsements" or "AwaitingDeposit") await ground.UntilPhaseAsync(id, phase);
        if (phase is "AwaitingSettlement") await ground.PayAsync(id, 120m);
        await RestartAsync();
        if (phase is not "AwaitingSettlement") await ground.PayAsync(id, 120m);

        LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(id, "Completed"));
        (await ground.Sandbox.CountsAsync()).Should().Be(before.PlusOneCashIn());
    }

    [Fact]
    public async Task App_KilledAgainAndAgain_BooksOnce()
    {
        var before = await ground.Sandbox.CountsAsync();
        var id = await ground.StartCashInAsync();
        for (var kill = 0; kill < 3; kill++) await RestartAsync();
        await ground.PayAsync(id, 120m);
        for (var kill = 0; kill < 3; kill++) await RestartAsync();

        LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(id, "Completed"));
        (await ground.Sandbox.CountsAsync()).Should().Be(before.PlusOneCashIn());
    }

    private async Task RestartAsync()
    {
        await ground.Machine.App.KillAsync();
        await ground.Machine.App.StartAsync(default);
        await ground.App.WaitUntilReadyAsync(default);
    }
}
