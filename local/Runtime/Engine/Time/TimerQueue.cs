using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Engine.Time;

/// <summary>
/// The durable timers that are due next. Those further away stay on disk until the near ones have fired, so that memory does not grow with the
/// number of waiting instances.
/// </summary>
internal sealed class TimerQueue(
    TimeProvider clock, Func<int, List<TimerRow>> load, Action<List<TimerRow>> fire, Action<Exception> failed) : IDisposable
{
    private const int PageSize = 50_000;

    /// <summary>A timer cannot be set further ahead than this; it is set again then.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>A clock that a test moves while the alarm is set to it would ring too late by that much: the alarm is set again.</summary>
    private static readonly TimeSpan ClockMoved = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<TimerRow, DateTime> _byDue = new();
    private readonly HashSet<(long Key, int Generation, int Step)> _live = [];
    private DateTime _horizon = DateTime.MaxValue;
    private DateTime _wakeAt = DateTime.MaxValue;
    private ITimer? _alarm;
    private bool _stopped;

    /// <summary>When the next timer is due; <see langword="null"/> when there is none.</summary>
    public DateTime? NextDue
    {
        get
        {
            lock (_gate)
            {
                DropDead();
                return _byDue.TryPeek(out _, out var due) ? due : null;
            }
        }
    }

    /// <summary>Reads the next timers from disk.</summary>
    public void Load()
    {
        lock (_gate)
        {
            LoadPage();
            SetAlarm();
        }
    }

    /// <summary>Adds a timer that was stored.</summary>
    public void Add(TimerRow timer)
    {
        lock (_gate)
        {
            if (timer.Due <= _horizon && Enqueue(timer))
            {
                SetAlarm();
            }
        }
    }

    /// <summary>Forgets a timer that is no longer wanted.</summary>
    public void Cancel(long key, int generation, int step)
    {
        lock (_gate)
        {
            _live.Remove((key, generation, step));
        }
    }

    /// <summary>Fires what is due.</summary>
    public void Check()
    {
        List<TimerRow> due = [];
        lock (_gate)
        {
            _wakeAt = DateTime.MaxValue;
            if (_stopped)
            {
                return;
            }

            var now = clock.GetUtcNow().UtcDateTime;
            while (_byDue.TryPeek(out var timer, out var at) && at <= now)
            {
                _byDue.Dequeue();
                if (_live.Remove((timer.Key, timer.Generation, timer.Step)))
                {
                    due.Add(timer);
                }
            }

            if (_byDue.Count == 0 && _horizon < DateTime.MaxValue)
            {
                LoadPage();
            }

            SetAlarm();
        }

        if (due.Count > 0)
        {
            fire(due);
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

    private static TimeSpan WholeMilliseconds(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

    private void Ring()
    {
        try
        {
            Check();
        }
        catch (StoreException e)
        {
            failed(e);
            lock (_gate)
            {
                if (!_stopped)
                {
                    _alarm?.Change(RetryAfter, Timeout.InfiniteTimeSpan);
                }
            }
        }
    }

    private void LoadPage()
    {
        var page = load(PageSize);
        _horizon = page.Count == PageSize ? page[^1].Due : DateTime.MaxValue;
        foreach (var timer in page)
        {
            Enqueue(timer);
        }
    }

    private bool Enqueue(TimerRow timer)
    {
        if (!_live.Add((timer.Key, timer.Generation, timer.Step)))
        {
            return false;
        }

        _byDue.Enqueue(timer, timer.Due);
        return true;
    }

    private void DropDead()
    {
        while (_byDue.TryPeek(out var timer, out _) && !_live.Contains((timer.Key, timer.Generation, timer.Step)))
        {
            _byDue.Dequeue();
        }
    }

    private void SetAlarm()
    {
        DropDead();
        if (_stopped || !_byDue.TryPeek(out _, out var due) || due >= _wakeAt)
        {
            return;
        }

        _wakeAt = due;
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
        wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : WholeMilliseconds(wait);
        if (_alarm is null)
        {
            _alarm = clock.CreateTimer(static queue => ((TimerQueue)queue!).Ring(), this, wait, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _alarm.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }
}
