using OmsWorkflows.FunctionsHost.Tests.Processes;

namespace OmsWorkflows.FunctionsHost.Tests.Durable;

/// <summary>A database file that is taken away while the host has it open: nothing new goes into a file that nobody finds again.</summary>
public sealed class DatabaseGoneTests
{
    [Theory]
    [InlineData("removed")]
    [InlineData("moved")]
    [InlineData("replaced")]
    public async Task Start_DatabaseWasTakenAway_IsRefusedAndTheLogSaysWhy(string how)
    {
        await using var host = await HostProcess.StartAsync();
        await host.StartOrchestrationAsync("Five", "");
        var database = Path.Combine(host.Folder, "durable.db");
        var other = Path.Combine(host.Folder, "other.db");
        if (how == "removed")
            File.Delete(database);
        else if (how == "moved")
            File.Move(database, other);
        else
        {
            await File.WriteAllBytesAsync(other, []);
            File.Move(other, database, overwrite: true);
        }


        using var started = await host.PostAsync("/v1/orchestrations/Five/another");

        started.IsSuccessStatusCode.Should().BeFalse();
        await Until.TrueAsync("the log tells of it", () => host.Output.Any(line => line.Contains($"{database} was removed or replaced")));
    }
}
