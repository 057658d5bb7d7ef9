using OmsWorkflows.Local.AppHost.Demo;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>A cash-in over real processes: as it should go, and when OMS says no.</summary>
[Collection(UsualMachine.Name)]
public sealed class CashInTests(UsualMachine ground)
{
    [Fact]
    public async Task CashIn_NewApplicantPaysInTime_IsBookedAtOnceByWebhooks()
    {
        var id = await ground.StartCashInAsync();
        await ground.PayAsync(id, 120m);

        var done = await ground.UntilPhaseAsync(id, "Completed");

        LocalMachine.ShouldBeBooked(done);
        done.Endorsements.Should().OnlyContain(endorsement => endorsement.Status == "ACTIVE");
        done.NeedWallet().Address.Should().StartWith("0x");
        // A deposit is polled every quarter of an hour only: nothing but webhooks can have brought it here.
        (await ground.Sandbox.DeliveriesAsync()).Should().NotBeEmpty();
    }

    [Fact]
    public async Task CashIn_SameKeyAgain_IsTheSameCashIn()
    {
        var (body, key) = (Story.CashIn("user-same-key"), $"e2e-{Guid.NewGuid():N}");

        var first = await ground.App.StartCashInAsync(body, key, default);
        var second = await ground.App.StartCashInAsync(body, key, default);

        second.Id.Should().Be(first.Id);
    }

    [Fact]
    public async Task CashIn_ApplicantRejected_EndsAsRejected()
    {
        await ground.Sandbox.RejectAsync("user-rejected");

        var id = await ground.StartCashInAsync("user-rejected");
        var done = await ground.UntilPhaseAsync(id, "Rejected");

        done.Ended.Should().BeTrue();
        done.NeedReason().Code.Should().NotBeEmpty();
        done.Deposit.Should().BeNull();
    }

    [Fact]
    public async Task CashIn_ConversionFails_EndsAsFailedAndBooksNothing()
    {
        var id = await ground.StartCashInAsync();
        await ground.Sandbox.FailNextConversionAsync();
        await ground.PayAsync(id, 120m);

        var done = await ground.UntilAsync(id, document => document.Phase is "Failed" or "Completed");

        done.Phase.Should().Be("Failed");
        done.Settlement.Should().BeNull();
        done.NeedReason().Detail.Should().NotBeEmpty();
    }
}
