using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;

namespace DurableTask.Testing.Tests;

public sealed class ReplayTests
{
    [Fact]
    public async Task A_recorded_history_is_read_back_as_it_was_and_replayed_by_the_same_code()
    {
        await using var host = await Deposits.StartAsync(new Effects());
        await Deposits.RunAsync(host);

        var recorded = await RecordedHistory.OfAsync(host.Client, Deposits.Id + "-settlement");
        var read = RecordedHistory.Read(recorded.Write());

        read.Write().Should().Be(recorded.Write());
        read.Events.Select(e => e.EventType).Should().ContainInOrder(
            EventType.ExecutionStarted,
            EventType.TimerCreated,
            EventType.TimerFired,
            EventType.TaskScheduled,
            EventType.TaskCompleted,
            EventType.ExecutionCompleted);
        Replay.Run(read, tasks => tasks.AddFunctions(typeof(Deposits)));
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("instead")]
    [InlineData("missing")]
    public async Task Code_that_takes_other_steps_is_found_out(string change)
    {
        await using var host = await Deposits.StartAsync(new Effects());
        await Deposits.RunAsync(host);
        var recorded = await RecordedHistory.OfAsync(host.Client, Deposits.Id + "-settlement");

        var replay = () => Replay.Run(recorded, tasks => tasks.AddOrchestratorFunc<decimal, string>(nameof(Deposits.Settle), SettleAsync));

        replay.Should().Throw<NonDeterministicOrchestrationException>();

        async Task<string> SettleAsync(TaskOrchestrationContext context, decimal amount)
        {
            if (change == "before")
                await context.CallActivityAsync("Audit");
            if (change != "missing")
                await context.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);
            var booked = await context.CallActivityAsync<string>(change == "instead" ? "Enter" : nameof(Till.Book), amount);
            if (change == "after")
                await context.CallActivityAsync("Audit");
            return booked;
        }
    }
}
