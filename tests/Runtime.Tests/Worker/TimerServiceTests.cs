using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OmsWorkflows.Local.Runtime.Worker;
using OmsWorkflows.Local.Runtime.Worker.Timers;

namespace OmsWorkflows.Runtime.Tests.Worker;

public sealed class TimerServiceTests
{
    [Fact]
    public async Task A_timer_runs_at_each_occurrence_and_goes_on_after_a_failure()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 6, 10, 14, 0, 30, TimeSpan.Zero));
        var runs = new Runs();
        await using var services = new ServiceCollection().AddSingleton(runs).BuildServiceProvider();
        var invoker = new FunctionInvoker(services.GetRequiredService<IServiceScopeFactory>(), []);
        var function = FunctionCatalog.Describe("Tick", typeof(Ticker).GetMethod(nameof(Ticker.Tick))!);
        using var timers = new TimerService([function], invoker, new ConfigurationBuilder().Build(), clock, NullLogger<TimerService>.Instance);

        await timers.StartAsync(CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(29));
        runs.Next.Task.IsCompleted.Should().BeFalse("the minute is not full");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var run = 1; run <= 3; run++)
        {
            // The service arms its timer on a thread of its own, so the clock is moved until the run is there.
            var ran = runs.Next;
            while (!ran.Task.IsCompleted)
            {
                patience.Token.ThrowIfCancellationRequested();
                clock.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }

            (await ran.Task).Should().Be(run);
        }

        await timers.StopAsync(CancellationToken.None);
    }

    public sealed class Runs
    {
        public int Count { get; set; }

        public TaskCompletionSource<int> Next { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public sealed class Ticker(Runs runs)
    {
        public void Tick([TimerTrigger("0 * * * * *")] TimerInfo timer)
        {
            var ran = runs.Next;
            runs.Next = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            ran.SetResult(++runs.Count);
            if (runs.Count == 1)
                throw new InvalidOperationException($"The first run fails; {timer.IsPastDue}.");
        }
    }
}
