namespace OmsWorkflows.Local.Sandbox.Time;

/// <summary>
/// Business time of the sandbox: a time provider plus an offset that only grows. Whole milliseconds, because that is what the API prints
/// and what filters on times are compared with.
/// </summary>
internal sealed class SandboxClock(TimeProvider clock)
{
    private long _offsetTicks;

    /// <summary>The time without the offset: for waits and rates that have nothing to do with business time.</summary>
    public TimeProvider Base => clock;

    public TimeSpan Offset => new(Interlocked.Read(ref _offsetTicks));

    public DateTimeOffset Now => Truncate(clock.GetUtcNow() + Offset);

    /// <summary>Moves on to a time; does nothing when that time has passed.</summary>
    public void MoveTo(DateTimeOffset target)
    {
        var missing = target - (clock.GetUtcNow() + Offset);
        if (missing > TimeSpan.Zero)
            Interlocked.Add(ref _offsetTicks, missing.Ticks);
    }

    private static DateTimeOffset Truncate(DateTimeOffset value)
        => new(value.UtcTicks - (value.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
