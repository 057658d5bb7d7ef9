using DurableTask.Core;

namespace DurableTask.Sqlite.Tests.Storage;

/// <summary>The database file goes while it is open: nothing more is written into a file that nobody finds again.</summary>
public sealed class FileTakenAwayTests
{
    [Theory]
    [InlineData("removed")]
    [InlineData("moved")]
    [InlineData("replaced")]
    public async Task A_write_is_refused_with_the_file_and_what_to_do(string how)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let an open file go.");
        await using var hub = await Waiting().StartAsync();
        var waiting = await hub.BeginAsync("Wait");
        await hub.StatusAsync(waiting.InstanceId, OrchestrationStatus.Running);
        TakeAway(hub.DatabasePath, how);

        var start = () => hub.BeginAsync("Wait");
        var raise = () => hub.Client.RaiseEventAsync(waiting, "go", "x");

        (await start.Should().ThrowAsync<SqliteStoreException>()).Which.Message
            .Should().Contain($"{hub.DatabasePath} was removed or replaced").And.Contain("put the file back").And.NotContain("\n");
        await raise.Should().ThrowAsync<SqliteStoreException>();
    }

    [Fact]
    public async Task A_turn_that_is_not_written_is_made_when_the_file_is_back()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let an open file go.");
        using var runs = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        await using var hub = await new Hub()
            .Orchestration("One", (context, _) => context.ScheduleTask<string>("Step", string.Empty, "done"))
            .ActivityAsync("Step", async input =>
            {
                runs.Release();
                await goOn.WaitAsync();
                return input;
            })
            .StartAsync();
        var one = await hub.BeginAsync("One");
        await runs.WaitAsync(TestContext.Current.CancellationToken);
        TakeAway(hub.DatabasePath, "moved");

        goOn.Release();
        await runs.WaitAsync(TestContext.Current.CancellationToken);
        File.Move(hub.DatabasePath + ".elsewhere", hub.DatabasePath);
        goOn.Release();

        (await hub.EndAsync(one)).Should().Be("done", "the result that could not be stored is made again");
    }

    private static Hub Waiting() => new Hub().Orchestration("Wait", (_, _) => Flow.Current.EventAsync("go"));

    private static void TakeAway(string path, string how)
    {
        File.Move(path, path + ".elsewhere");
        if (how == "replaced")
            File.WriteAllBytes(path, []);
        else if (how == "removed")
            File.Delete(path + ".elsewhere");
    }
}
