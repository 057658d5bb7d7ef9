using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>The same app on the published Azure Storage backend: nothing of a journey depends on the local store.</summary>
public sealed class AzureStorageTests(AzureStorageTests.Ground ground) : IClassFixture<AzureStorageTests.Ground>
{
    public sealed class Ground : LocalMachine
    {
        internal override MachineSettings Settings => new() { Store = Store.Azurite };
    }

    [Fact]
    public async Task CashIn_OrchestrationsInAzureStorage_IsBooked()
    {
        var id = await ground.StartCashInAsync();
        await ground.PayAsync(id, 120m);

        LocalMachine.ShouldBeBooked(await ground.UntilPhaseAsync(id, "Completed"));
        File.Exists(Path.Combine(ground.Machine.Folder, "durable.db")).Should().BeFalse("the local store took no part");
    }
}
