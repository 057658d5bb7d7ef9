namespace DurableTask.Testing;

/// <summary>
/// The machine's clock, which can be moved forward; its timers ring when the time they wait for is skipped. The test host moves it when
/// somebody
/// waits for an orchestration and nothing but a durable timer can go on.
/// </summary>
public sealed class SkippingClock : TimeProvider
{
    /// <summary>
    /// Whoever waits for a moment counts from a now a little later and rounds up; an alarm that rings early by so little is not early.
    /// </summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(2);

    private readonly Lock _gate = new();
    private readonly HashSet<Alarm> _alarms = [];
    private long _skipped;

    /// <summary>How far ahead of the machine's clock it is.</summary>
    public TimeSpan Skipped => TimeSpan.FromTicks(Interlocked.Read(ref _skipped));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Skipped;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan)
            return base.CreateTimer(callback, state, dueTime, period);

        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Moves forward to a moment; one that is past changes nothing.</summary>
    public void SkipTo(DateTimeOffset moment)
    {
        lock (_gate)
        {
            Interlocked.Add(ref _skipped, Math.Max(0, (moment - GetUtcNow()).Ticks));
            var now = GetUtcNow();
            foreach (var alarm in _alarms)
                alarm.GoOn(now);
        }
    }

    /// <summary>A timer that rings once: at its time, or when that is skipped.</summary>
    private sealed class Alarm : ITimer
    {
        private readonly SkippingClock _clock;
        private readonly ITimer _timer;

        public Alarm(SkippingClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _timer = System.CreateTimer(
                _ =>
                {
                    Forget();
                    callback(state);
                },
                null,
                Timeout.InfiniteTimeSpan,
                Timeout.InfiniteTimeSpan);
        }

        private DateTimeOffset RingsAt { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._gate)
            {
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    _clock._alarms.Remove(this);
                }
                else
                {
                    RingsAt = _clock.GetUtcNow() + dueTime;
                    _clock._alarms.Add(this);
                }

                return _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }

        /// <summary>Time was skipped: there is less to wait for.</summary>
        public void GoOn(DateTimeOffset now)
        {
            var left = RingsAt - now;
            _timer.Change(left <= Rounding ? TimeSpan.Zero : left, Timeout.InfiniteTimeSpan);
        }

        public void Dispose()
        {
            Forget();
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Forget()
        {
            lock (_clock._gate)
                _clock._alarms.Remove(this);
        }
    }
}
