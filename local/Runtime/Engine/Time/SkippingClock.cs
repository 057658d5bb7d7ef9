namespace OmsWorkflows.Local.Runtime.Engine.Time;

/// <summary>The system's clock, which can be moved forward. Made for tests: the engine moves it when nothing but a timer can go on.</summary>
public sealed class SkippingClock : TimeProvider
{
    private long _skipped;

    /// <summary>How far ahead of the system's clock it is.</summary>
    public TimeSpan Skipped => TimeSpan.FromTicks(Interlocked.Read(ref _skipped));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Skipped;

    /// <summary>Moves forward to a moment; one that is past changes nothing.</summary>
    /// <param name="moment">The moment.</param>
    public void SkipTo(DateTimeOffset moment)
    {
        var ahead = (moment - GetUtcNow()).Ticks;
        if (ahead > 0)
        {
            Interlocked.Add(ref _skipped, ahead);
        }
    }
}
