using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts the function on a schedule.</summary>
/// <param name="schedule">Six-field NCRONTAB, five-field crontab, a time span, or a setting's name between percent signs.</param>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    /// <summary>Gets the schedule as written.</summary>
    public string Schedule { get; private set; } = schedule;

    /// <summary>Gets or sets whether occurrences are recorded. This runtime keeps no record: occurrences missed while it was stopped are not made up for.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Gets or sets whether the function also runs when the app starts.</summary>
    public bool RunOnStartup { get; set; }
}
