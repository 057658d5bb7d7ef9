using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>Nobody registered a webhook: polling has to find everything out (docs/decisions/0002-store-first-inbox.md).</summary>
public sealed class PollingTests(PollingTests.Ground ground) : IClassFixture<PollingTests.Ground>
{
    public sealed class Ground : LocalMachine
    {
        internal override MachineSettings Settings => new()
        {
            RegisterWebhook = false,
            App = new Dictionary<string, string>
            {
                ["Onboarding:Poll"] = "00:00:01",
                ["CashIns:DepositPoll"] = "00:00:01",
                ["CashIns:SettlementPoll"] = "00:00:01",
            },
        };
    }

    [Fact]
    public async Task CashIn_WebhooksNeverArrive_IsBookedAllTheSame()
    {
        var id = await ground.StartCashInAsync();
        await ground.PayAsync(id, 120m);

        LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(id, "Completed"));
        (await ground.Sandbox.DeliveriesAsync()).Should().BeEmpty();
    }
}
