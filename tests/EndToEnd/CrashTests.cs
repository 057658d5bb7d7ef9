using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Calls;
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
                ["Sandbox:EndorsementDelay"] = "00:00:03",
                ["Sandbox:ConversionDelay"] = "00:00:03",
                ["Sandbox:RetrySchedule"] = $"00:00:00,{RetriesSoon}",
            },
        };
    }

    public enum Victim
    {
        Host,
        Worker,
        Both,
    }

    /// <summary>Eight journeys at once, each in another phase when it strikes; OMS does not answer those that would soon go on.</summary>
    [Theory]
    [InlineData(Victim.Host)]
    [InlineData(Victim.Worker)]
    [InlineData(Victim.Both)]
    public async Task App_KilledWithAJourneyInEachPhase_GoesOnWithAllOfThem(Victim victim)
    {
        var before = await ground.Sandbox.CountsAsync();
        var (done, paid, waiting) = (await ground.StartCashInAsync(), await ground.StartCashInAsync(), await ground.StartCashInAsync());
        await ground.PayAsync(done, 120m);
        await ground.UntilPhaseAsync(done, "Completed");
        var creating = await StartAndHoldAsync("/customers", "CreatingCustomer");
        var provisioning = await StartAndHoldAsync("/customers/*/wallets", "ProvisioningWallet");
        var making = await StartAndHoldAsync("/cash-ins", "CreatingCashIn");
        var endorsed = await ground.StartCashInAsync();
        await UntilReachedAsync(endorsed, "AwaitingEndorsements");
        await ground.PayAsync(paid, 120m);
        await UntilReachedAsync(paid, "AwaitingSettlement");
        var accepted = await ground.StartCashInAsync();

        await RestartAsync(victim);

        string[] unpaid = [waiting, creating, provisioning, making, endorsed, accepted];
        await Task.WhenAll(unpaid.Select(id => ground.PayAsync(id, 120m)));
        foreach (var id in unpaid.Append(paid).Append(done))
            LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(id, "Completed"));
        (await ground.Sandbox.CountsAsync()).Should().Be(before.PlusCashIns(8));
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

    /// <summary>Starts a journey whose next call to a path is carried out by OMS, but not answered.</summary>
    private async Task<string> StartAndHoldAsync(string path, string phase)
    {
        var match = new JsonObject { ["method"] = "POST", ["path"] = path };
        await ground.Sandbox.AddFaultsAsync(
            new JsonObject { ["fault"] = "stall", ["after"] = true, ["times"] = 1, ["match"] = match });
        var id = await ground.StartCashInAsync();
        await UntilReachedAsync(id, phase);
        return id;
    }

    /// <summary>Until it has entered a phase, which lasts for seconds alone: whoever looks late finds it past.</summary>
    private Task<JourneyDocument> UntilReachedAsync(string id, string phase) => ground.UntilAsync(
        id, document => document.Raw["passed"]!.AsArray().Any(passed => passed!["phase"]!.GetValue<string>() == phase));

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
