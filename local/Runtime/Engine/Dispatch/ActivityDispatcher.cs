using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>
/// The durable queue of activities: so many run at once, so many more wait in memory, the rest on disk. An activity leaves the disk with the
/// turn that takes its result, so one whose result was lost runs again.
/// </summary>
internal sealed class ActivityDispatcher(int maxRunning, Func<long, int, List<ActivityRow>> load, Action<ActivityRow> run)
{
    private const int MaxInMemory = 20_000;
    private const int PageSize = 2_000;

    private readonly Lock _gate = new();
    private readonly Queue<ActivityRow> _ready = new();
    private readonly HashSet<long> _known = [];
    private long _lastQueued;
    private bool _moreOnDisk;
    private int _running;
    private bool _stopped;

    /// <summary>Takes activities that were stored.</summary>
    public void Add(IReadOnlyList<ActivityRow> rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
            {
                if (_moreOnDisk || _ready.Count >= MaxInMemory)
                {
                    _moreOnDisk = true;
                    break;
                }

                Enqueue(row);
            }

            StartReady();
        }
    }

    /// <summary>Takes from disk what is not known yet.</summary>
    public void Recover()
    {
        lock (_gate)
        {
            _lastQueued = 0;
            _moreOnDisk = true;
            StartReady();
        }
    }

    /// <summary>An activity has run.</summary>
    public void Finished()
    {
        lock (_gate)
        {
            _running--;
            StartReady();
        }
    }

    /// <summary>The result of an activity was stored.</summary>
    public void Forget(IReadOnlyList<long> ids)
    {
        lock (_gate)
        {
            foreach (var id in ids)
            {
                _known.Remove(id);
            }
        }
    }

    /// <summary>Starts no further activity.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
        }
    }

    private void Enqueue(ActivityRow row)
    {
        _lastQueued = Math.Max(_lastQueued, row.Id);
        if (_known.Add(row.Id))
        {
            _ready.Enqueue(row);
        }
    }

    private void StartReady()
    {
        while (!_stopped && _running < maxRunning)
        {
            if (_ready.Count == 0 && _moreOnDisk)
            {
                var page = load(_lastQueued, PageSize);
                _moreOnDisk = page.Count == PageSize;
                page.ForEach(Enqueue);
            }

            if (!_ready.TryDequeue(out var row))
            {
                if (_moreOnDisk)
                {
                    continue;
                }

                return;
            }

            _running++;
            run(row);
        }
    }
}
