namespace DurableTask.Testing;

/// <summary>
/// The machine's clock, which can be moved forward; its timers ring when the time they wait for is skipped. While somebody waits for an
/// orchestration the test host lets it stand still, and moves it when nothing but a durable timer can go on: so what happens at which time
/// does not depend on how fast the machine is.
/// </summary>
public sealed class SkippingClock : TimeProvider
{
    /// <summary>
    /// Whoever waits for a moment counts from a now a little later and rounds up; an alarm that rings early by so little is not early.
    /// </summary>
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(2);

    private readonly Lock _gate = new();
    private readonly HashSet<Alarm> _alarms = [];
    private TimeSpan _skipped;
    private DateTimeOffset _standsAt;
    private int _holders;

    /// <summary>How far ahead of the machine's clock it is.</summary>
    public TimeSpan Skipped => GetUtcNow() - base.GetUtcNow();

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _holders > 0 ? _standsAt : base.GetUtcNow() + _skipped;
    }

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
            var now = GetUtcNow();
            if (moment > now)
            {
                _skipped += moment - now;
                now = _standsAt = moment;
            }

            foreach (var alarm in _alarms)
                alarm.GoOn(now);
        }
    }

    /// <summary>It stands still, but for skips, until all who hold it let it go; then it passes on from where it stands.</summary>
    internal void Hold()
    {
        lock (_gate)
        {
            _standsAt = GetUtcNow();
            _holders++;
        }
    }

    /// <inheritdoc cref="Hold"/>
    internal void LetGo()
    {
        lock (_gate)
        {
            if (--_holders == 0)
                _skipped = _standsAt - base.GetUtcNow();
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
