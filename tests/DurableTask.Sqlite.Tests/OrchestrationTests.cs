namespace DurableTask.Sqlite.Tests;

public sealed class OrchestrationTests
{
    [Fact]
    public async Task Activities_run_one_after_the_other()
    {
        await using var hub = new Hub()
            .Orchestration("Five", async (context, input) =>
            {
                for (var i = 0; i < 5; i++)
                {
                    input = await context.ScheduleTask<string>("Add", string.Empty, input);
                }

                return input;
            })
            .Activity("Add", input => input + "x");
        await hub.StartAsync();

        var result = await hub.RunAsync("Five", "a");

        result.Should().Be("axxxxx");
    }
}
