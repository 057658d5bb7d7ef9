using OmsWorkflows.Local.AppHost.Services;

namespace OmsWorkflows.EndToEnd;

/// <summary>A cash-in over real processes: as it should go, and when OMS says no.</summary>
public sealed class CashInTests(CashInTests.Ground ground) : IClassFixture<CashInTests.Ground>
{
    public sealed class Ground : LocalMachine
    {
        // OMS has no event for a rejection (docs/oms-api.md 9.4): only asking finds it out.
        internal override MachineSettings Settings => new() { App = new Dictionary<string, string> { ["Onboarding:Poll"] = "00:00:02" } };
    }

    [Fact]
    public async Task CashIn_NewApplicantPaysInTime_IsBookedAtOnceByWebhooks()
    {
        var id = await ground.StartCashInAsync();
        await ground.PayAsync(id, 120m);

        var done = await ground.UntilPhaseAsync(id, "Completed");

        LocalMachine.ShouldBeBooked(done);
        done["endorsements"]!.AsArray().Should().OnlyContain(e => e!["status"]!.GetValue<string>() == "ACTIVE");
        done["wallet"]!["address"]!.GetValue<string>().Should().StartWith("0x");
        // A deposit is polled every quarter of an hour only: nothing but webhooks can have brought it here.
        (await ground.Sandbox.DeliveriesAsync()).Should().NotBeEmpty();
    }

    [Fact]
    public async Task CashIn_SameKeyAgain_IsTheSameCashIn()
    {
        var (body, key) = (Local.AppHost.Demo.Story.CashIn("user-same-key"), $"e2e-{Guid.NewGuid():N}");

        var first = await ground.App.StartCashInAsync(body, key, default);
        var second = await ground.App.StartCashInAsync(body, key, default);

        second["id"]!.GetValue<string>().Should().Be(first["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task CashIn_ApplicantRejected_EndsAsRejected()
    {
        await ground.Sandbox.RejectAsync("user-rejected");

        var id = await ground.StartCashInAsync("user-rejected");
        var done = await ground.UntilPhaseAsync(id, "Rejected");

        done["ended"]!.GetValue<bool>().Should().BeTrue();
        done["reason"]!["code"]!.GetValue<string>().Should().NotBeEmpty();
        done["deposit"].Should().BeNull();
    }

    [Fact]
    public async Task CashIn_ConversionFails_EndsAsFailedAndBooksNothing()
    {
        var id = await ground.StartCashInAsync();
        await ground.Sandbox.FailNextConversionAsync();
        await ground.PayAsync(id, 120m);

        var done = await ground.UntilAsync(id, document => LocalMachine.Phase(document) is "Failed" or "Completed");

        LocalMachine.Phase(done).Should().Be("Failed");
        done["settlement"].Should().BeNull();
        done["reason"]!["detail"]!.GetValue<string>().Should().NotBeEmpty();
    }
}
