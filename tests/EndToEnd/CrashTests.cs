using OmsWorkflows.Machines;

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

    /// <summary>Four journeys at once, each in another phase when it strikes.</summary>
    [Theory]
    [InlineData(Victim.Host)]
    [InlineData(Victim.Worker)]
    [InlineData(Victim.Both)]
    public async Task App_KilledWithAJourneyInEachPhase_GoesOnWithAllOfThem(Victim victim)
    {
        var before = await ground.Sandbox.CountsAsync();
        var (paid, waiting) = (await ground.StartCashInAsync(), await ground.StartCashInAsync());
        await ground.UntilPhaseAsync(paid, "AwaitingDeposit");
        await ground.UntilPhaseAsync(waiting, "AwaitingDeposit");
        var endorsed = await ground.StartCashInAsync();
        await ground.UntilPhaseAsync(endorsed, "AwaitingEndorsements");
        await ground.PayAsync(paid, 120m);
        var accepted = await ground.StartCashInAsync();

        await RestartAsync(victim);

        foreach (var unpaid in new[] { waiting, endorsed, accepted })
            await ground.PayAsync(unpaid, 120m);
        foreach (var id in new[] { paid, waiting, endorsed, accepted })
            LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(id, "Completed"));
        (await ground.Sandbox.CountsAsync()).Should().Be(before.PlusCashIns(4));
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
        (await ground.Sandbox.CountsAsync()).Should().Be(before.PlusCashIns(1));
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
