using OmsWorkflows.Local.AppHost.Services;

namespace OmsWorkflows.EndToEnd;

/// <summary>
/// Host, worker, or both are killed without warning between any two phases and start again: nothing is lost and nothing happens twice.
/// </summary>
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

    public enum Victim
    {
        Host,
        Worker,
        Both,
    }

    public static TheoryData<string, Victim> EveryPhaseAndVictim()
    {
        var data = new TheoryData<string, Victim>();
        foreach (var phase in new[] { "Accepted", "AwaitingEndorsements", "AwaitingDeposit", "AwaitingSettlement" })
        {
            foreach (var victim in Enum.GetValues<Victim>())
                data.Add(phase, victim);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryPhaseAndVictim))]
    public async Task App_KilledInAPhase_GoesOnWhereItWas(string phase, Victim victim)
    {
        var before = await ground.Sandbox.CountsAsync();
        var id = await ground.StartCashInAsync();

        if (phase is "AwaitingEndorsements" or "AwaitingDeposit")
            await ground.UntilPhaseAsync(id, phase);
        if (phase is "AwaitingSettlement")
            await ground.PayAsync(id, 120m);
        await RestartAsync(victim);
        if (phase is not "AwaitingSettlement")
            await ground.PayAsync(id, 120m);

        LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(id, "Completed"));
        (await ground.Sandbox.CountsAsync()).Should().Be(before.PlusOneCashIn());
    }

    [Fact]
    public async Task App_KilledAgainAndAgain_BooksOnce()
    {
        var before = await ground.Sandbox.CountsAsync();
        var id = await ground.StartCashInAsync();
        foreach (var victim in Enum.GetValues<Victim>())
            await RestartAsync(victim);
        await ground.PayAsync(id, 120m);
        foreach (var victim in Enum.GetValues<Victim>())
            await RestartAsync(victim);

        LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(id, "Completed"));
        (await ground.Sandbox.CountsAsync()).Should().Be(before.PlusOneCashIn());
    }

    private async Task RestartAsync(Victim victim)
    {
        var app = ground.Machine.App;
        switch (victim)
        {
            case Victim.Worker:
                app.KillWorker();
                break;
            case Victim.Host:
                await app.KillHostAsync();
                await app.StartAsync(default);
                break;
            default:
                await app.KillAsync();
                await app.StartAsync(default);
                break;
        }

        await ground.App.WaitUntilReadyAsync(default);
    }
}
