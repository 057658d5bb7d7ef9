namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer function is told about its schedule.</summary>
public class TimerInfo
{
    /// <summary>Gets or sets when the timer ran last and runs next.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Gets or sets whether this run is late.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>When a timer ran last and runs next.</summary>
public class ScheduleStatus
{
    /// <summary>Gets or sets the last occurrence.</summary>
    public DateTime Last { get; set; }

    /// <summary>Gets or sets the next occurrence.</summary>
    public DateTime Next { get; set; }

    /// <summary>Gets or sets when this status was written.</summary>
    public DateTime LastUpdated { get; set; }
}
