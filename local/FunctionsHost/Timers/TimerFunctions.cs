using System.Text.Json;
using OmsWorkflows.Local.FunctionsHost.Functions;
using OmsWorkflows.Local.FunctionsHost.Rpc;
using OmsWorkflows.Local.FunctionsHost.Worker;

namespace OmsWorkflows.Local.FunctionsHost.Timers;

/// <summary>
/// Runs timer functions when they are due. Runs of one function never overlap; one that fails is logged, and the next comes in its time.
/// </summary>
internal sealed class TimerFunctions(
    IReadOnlyList<Function> functions,
    IConfiguration settings,
    TimerStatusFile statuses,
    Invoker invoker,
    Func<string> durableClient,
    TimeProvider clock,
    ILogger logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly List<(Function Function, TimerSchedule Schedule)> _timers =
    [
        .. functions
            .Where(function => function.Trigger.Is(BindingTypes.TimerTrigger))
            .Select(function => (function, TimerSchedule.Of(function, settings))),
    ];

    /// <summary>Runs them until <paramref name="stop"/>; what runs then may go on until <paramref name="ending"/>.</summary>
    public Task RunAsync(CancellationToken stop, CancellationToken ending)
        => Task.WhenAll(_timers.Select(timer => RunAsync(timer.Function, timer.Schedule, stop, ending)));

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    private async Task RunAsync(Function function, TimerSchedule schedule, CancellationToken stop, CancellationToken ending)
    {
        var monitored = function.Trigger.Flag("useMonitor") != false && !schedule.IsFrequent(Now);
        var status = monitored ? statuses.Find(function.Name) : null;
        var missed = status is not null && schedule.Next(status.LastUpdated) < Now;
        status ??= new TimerStatus(default, schedule.Next(Now), Now);
        if (missed || function.Trigger.Flag("runOnStartup") == true)
            status = await RunOnceAsync(function, schedule, status, monitored, missed, ending);
        else if (monitored)
            statuses.Save(function.Name, status);

        while (!stop.IsCancellationRequested)
        {
            var due = schedule.Next(Now);
            await WaitUntilAsync(due, stop);
            if (!stop.IsCancellationRequested)
                status = await RunOnceAsync(function, schedule, status with { Next = due }, monitored, isPastDue: false, ending);
        }
    }

    /// <summary>Timers of the machine may be a little early, and no single one lasts for weeks.</summary>
    private async Task WaitUntilAsync(DateTime due, CancellationToken stop)
    {
        while (Now < due && !stop.IsCancellationRequested)
        {
            var rest = due - Now;
            await Task.WhenAny(Task.Delay(rest < LongestWait ? rest : LongestWait, clock, stop));
        }
    }

    private async Task<TimerStatus> RunOnceAsync(
        Function function, TimerSchedule schedule, TimerStatus status, bool monitored, bool isPastDue, CancellationToken ending)
    {
        var info = JsonSerializer.Serialize(new { ScheduleStatus = monitored ? status : null, IsPastDue = isPastDue });
        try
        {
            await invoker.InvokeAsync(function, Invoker.Request(function, new TypedData { Json = info }, durableClient()), ending);
        }
        catch (Exception) when (ending.IsCancellationRequested)
        {
            // Not noted as run: it is past due at the next start.
            return status;
        }
        catch (Exception e) when (e is FunctionFailedException or WorkerProcessExitException)
        {
            logger.TimerFailed(e, function.Name);
        }

        var ran = new TimerStatus(Now, schedule.Next(Now), Now);
        if (monitored)
            statuses.Save(function.Name, ran);

        return ran;
    }
}
