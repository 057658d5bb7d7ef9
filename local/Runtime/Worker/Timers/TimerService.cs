using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Local.Runtime.Worker.Timers;

/// <summary>Runs timer functions on the app's clock. A function's runs never overlap; a run that fails is logged and the next one comes on time.</summary>
internal sealed class TimerService(
    IReadOnlyList<FunctionDescriptor> functions, FunctionInvoker invoker, IConfiguration configuration, TimeProvider clock, ILogger<TimerService> logger) : BackgroundService
{
    private readonly List<(FunctionDescriptor Function, TimerTriggerAttribute Trigger, TimerSchedule Schedule)> _timers =
    [
        .. functions
            .Where(function => function.Trigger is TimerTriggerAttribute)
            .Select(function => (function, (TimerTriggerAttribute)function.Trigger, TimerSchedule.Parse(function.Name, ((TimerTriggerAttribute)function.Trigger).Schedule, configuration))),
    ];

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.WhenAll(_timers.Select(timer => RunAsync(timer.Function, timer.Trigger, timer.Schedule, stoppingToken)));

    private async Task RunAsync(FunctionDescriptor function, TimerTriggerAttribute trigger, TimerSchedule schedule, CancellationToken stopping)
    {
        var last = clock.GetUtcNow().UtcDateTime;
        if (trigger.RunOnStartup)
            await RunOnceAsync(function, last, schedule.Next(last), stopping);

        while (!stopping.IsCancellationRequested)
        {
            var now = clock.GetUtcNow().UtcDateTime;
            var due = schedule.Next(now);
            try
            {
                await Task.Delay(due - now, clock, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await RunOnceAsync(function, last, schedule.Next(due), stopping);
            last = due;
        }
    }

    private async Task RunOnceAsync(FunctionDescriptor function, DateTime last, DateTime next, CancellationToken stopping)
    {
        var info = new TimerInfo
        {
            ScheduleStatus = new ScheduleStatus { Last = last, Next = next, LastUpdated = last },
        };
        try
        {
            await invoker.InvokeAsync(function, info, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The app is stopping; the next start runs the timer again.
        }
        catch (Exception e)
        {
            logger.FunctionFailed(e, function.Name);
        }
    }
}
