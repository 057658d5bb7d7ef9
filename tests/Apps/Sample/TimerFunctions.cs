using Microsoft.Azure.Functions.Worker;

namespace OmsWorkflows.SampleApp;

/// <summary>Each run is a line in the file that the setting TIMER_LOG names.</summary>
public sealed class TimerFunctions
{
    [Function(nameof(Tick))]
    public void Tick([TimerTrigger("%TICK_SCHEDULE%")] TimerInfo timer) => Note(nameof(Tick), timer);

    [Function(nameof(AtStart))]
    public void AtStart([TimerTrigger("0 0 4 1 1 *", RunOnStartup = true)] TimerInfo timer) => Note(nameof(AtStart), timer);

    [Function(nameof(Daily))]
    public void Daily([TimerTrigger("17 3 * * *")] TimerInfo timer) => Note(nameof(Daily), timer);

    private static void Note(string function, TimerInfo timer)
    {
        if (Environment.GetEnvironmentVariable("TIMER_LOG") is { Length: > 0 } path)
            File.AppendAllText(path, $"{function} pastDue={timer.IsPastDue} next={timer.ScheduleStatus?.Next:O}\n");
    }
}
