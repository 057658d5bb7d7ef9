using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite.Dispatch;

/// <summary>
/// Fires durable timers when they are due. Of all timers it knows only when the next one is; they stay on disk, ordered by due time, until
/// the turn they cause is stored. It walks along them: all up to <see cref="FiredUpTo"/> were fired.
/// </summary>
internal sealed class TimerWheel(TimeProvider clock, StoreReader reader, WorkBoard board, Action<SqliteStoreException> failed) : IDisposable
{
    private const int PageSize = 1_000;

    /// <summary>A timer of the clock cannot be set further ahead than this; it is set again then.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>A clock that a test moves while the alarm is set to it would ring too late by that much: the alarm is set again.</summary>
    private static readonly TimeSpan ClockMoved = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly object _gate = new();
    private long _announced;
    private DateTime? _next;
    private ITimer? _alarm;
    private bool _stopped;
    private (DateTime Due, long Seq) _firedUpTo = (DateTime.MinValue, 0);

    /// <summary>When the next timer is due; <see langword="null"/> when there is none.</summary>
    public DateTime? Next
    {
        get
        {
            lock (_gate)
                return _next;
        }
    }

    /// <summary>Due time and number of the last timer that was fired.</summary>
    public (DateTime Due, long Seq) FiredUpTo
    {
        get
        {
            lock (_gate)
                return _firedUpTo;
        }
    }

    /// <summary>Begins, with the timers that are on disk.</summary>
    /// <param name="lastSeq">Highest number of a timer on disk.</param>
    public void Start(long lastSeq)
    {
        lock (_gate)
            _announced = lastSeq;

        Fire();
    }

    /// <summary>Timers were stored. Called in the order of their numbers.</summary>
    public void Announce(List<Delivery> deliveries)
    {
        lock (_gate)
        {
            foreach (var timer in deliveries)
            {
                if (timer.Due is not { } due)
                    continue;

                _announced = timer.Seq;
                if ((due, timer.Seq).CompareTo(_firedUpTo) <= 0)
                {
                    board.Deliver(timer.Key, timer.InstanceId, timer.Seq, timer.Message, timer.OthersWait);
                }
                else if (_next is null || due < _next)
                {
                    _next = due;
                    SetAlarm();
                }
            }
        }
    }

    /// <summary>
    /// Calls with the time of the next timer, if nothing but that timer or a client can make work. Nothing becomes work while it is called.
    /// </summary>
    public void WhenIdle(Action<DateTime> act)
    {
        lock (_gate)
        {
            if (_next is { } next)
                board.WhenIdle(() => act(next));
        }
    }

    /// <summary>Fires nothing any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            _alarm?.Dispose();
        }
    }

    private void Fire()
    {
        lock (_gate)
        {
            if (_stopped)
                return;

            try
            {
                var now = clock.GetUtcNow().UtcDateTime;
                int count;
                do
                {
                    var due = reader.DueTimers(_firedUpTo, now, _announced, PageSize);
                    count = due.Count;
                    foreach (var timer in due)
                    {
                        _firedUpTo = (timer.Due, timer.Seq);
                        board.Deliver(timer.Key, timer.InstanceId, timer.Seq, timer.Message, othersWait: timer.Starts);
                    }
                }
                while (count == PageSize);
                _next = reader.NextTimer(_firedUpTo);
                SetAlarm();
            }
            catch (SqliteStoreException e)
            {
                failed(e);
                SetAlarm(RetryAfter);
            }
        }

        board.Pump();
    }

    private void SetAlarm()
    {
        if (_stopped || _next is not { } due)
            return;

        DateTime now;
        do
        {
            now = clock.GetUtcNow().UtcDateTime;
            SetAlarm(due - now);
        }
        while (clock.GetUtcNow().UtcDateTime - now >= ClockMoved);
    }

    private void SetAlarm(TimeSpan wait)
    {
        // Rounded up: an early ring would find nothing due.
        wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Clamp(wait.TotalMilliseconds, 0, LongestWait.TotalMilliseconds)));
        if (_alarm is null)
            _alarm = clock.CreateTimer(static wheel => ((TimerWheel)wheel!).Fire(), this, wait, Timeout.InfiniteTimeSpan);
        else
            _alarm.Change(wait, Timeout.InfiniteTimeSpan);
    }
}
