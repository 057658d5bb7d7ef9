using DurableTask.Core;
using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite.Dispatch;

/// <summary>
/// What is ready to be worked on and what is being worked on. It knows instances that have messages, and a bounded number of others; all
/// others are only on disk. Everything on it follows from the database, so after a crash it is made anew.
/// </summary>
internal sealed partial class WorkBoard(TestSeams seams, int maxCached, Func<int> pendingWrites)
{
    /// <summary>Beyond so many, messages and activities that wait are read from disk when their turn comes.</summary>
    private const int MostHeld = 10_000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly object _gate = new();
    private readonly Dictionary<long, Slot> _slots = [];
    private readonly WorkLine<Slot> _orchestrations = new();
    private readonly WorkLine<ActivitySlot> _activities = new();
    private readonly LinkedList<Slot> _kept = new();
    private readonly HashSet<Work> _paused = [];
    private int _held;
    private int _heldActivities;
    private int _out;
    private bool _closed;

    /// <summary>Whether nothing is ready, handed out, or waits to be tried again.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
                return !_closed && _orchestrations.Ready + _activities.Ready + _out + _paused.Count == 0 && pendingWrites() == 0;
        }
    }

    /// <summary>Instances in memory.</summary>
    public int Slots
    {
        get
        {
            lock (_gate)
                return _slots.Count;
        }
    }

    public Task<Slot?> TakeOrchestrationAsync(TimeSpan timeout, CancellationToken cancellation)
        => TakeAsync(_orchestrations, timeout, cancellation);

    public Task<ActivitySlot?> TakeActivityAsync(TimeSpan timeout, CancellationToken cancellation)
        => TakeAsync(_activities, timeout, cancellation);

    /// <summary>Adds instances whose messages are on disk, and activities, as they are found at start.</summary>
    public void Recover(IEnumerable<(long Key, string Id)> instances, IEnumerable<ActivityRow> activities)
    {
        lock (_gate)
        {
            foreach (var (key, id) in instances)
            {
                var slot = Find(key, id);
                slot.OnDisk = true;
                Queue(slot);
            }

            foreach (var activity in activities)
                Add(activity);
        }

        Pump();
    }

    /// <summary>Takes over what a change did.</summary>
    public void Publish(Effects effects)
    {
        lock (_gate)
            Apply(effects);

        Pump();
    }

    /// <summary>Delivers the message of a timer.</summary>
    public void Deliver(long key, string instanceId, long seq, TaskMessage message, bool othersWait)
    {
        lock (_gate)
            Put(key, instanceId, new WaitingMessage(seq, message), othersWait);
    }

    /// <summary>Gives the turn that is out the messages that were read from disk for it.</summary>
    public void Take(Slot slot, List<WaitingMessage> read)
    {
        lock (_gate)
        {
            slot.Taken = read;
            _held -= slot.Messages.RemoveAll(message => read.Exists(taken => taken.Seq == message.Seq));
        }
    }

    /// <summary>A turn is on disk: keeps what the next one needs.</summary>
    public void Keep(Slot slot, StoredRun run)
    {
        lock (_gate)
        {
            slot.Run = run;
            slot.Failures = 0;
            Return(slot);
        }

        Pump();
    }

    /// <summary>An instance that was handed out has nothing to do: it ended, is gone, or its time has not come.</summary>
    public void Drop(Slot slot)
    {
        lock (_gate)
        {
            slot.Run = null;
            Return(slot);
        }

        Pump();
    }

    /// <summary>Work that was handed out is not done; it is tried again, after a pause when that happens often.</summary>
    public void PutBack(Slot slot, bool failed)
    {
        lock (_gate)
        {
            // Whether the turn is on disk is not known, nor what it did to the objects of the history: all is read again.
            slot.Run = null;
            MoveToDisk(slot);
            slot.Failures += failed ? 1 : 0;
            if (slot.Failures > 1 && failed)
            {
                slot.IsOut = false;
                slot.IsQueued = true;
                _out--;
                Pause(slot, () => _orchestrations.Add(slot));
            }
            else
            {
                Return(slot);
            }
        }

        Pump();
    }

    /// <summary>An activity is on disk as done.</summary>
    public void Finish()
    {
        lock (_gate)
            _out--;

        Pump();
    }

    /// <inheritdoc cref="PutBack(Slot, bool)"/>
    public void PutBack(ActivitySlot activity)
    {
        lock (_gate)
        {
            _out--;
            if (++activity.Failures > 1)
                Pause(activity, () => Add(activity));
            else
                Add(activity);
        }

        Pump();
    }

    /// <summary>Hands nothing out any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _orchestrations.Dismiss();
            _activities.Dismiss();
            foreach (var work in _paused)
                work.Retry?.Dispose();
        }
    }

    private void Apply(Effects effects)
    {
        foreach (var key in effects.Removed)
        {
            if (_slots.Remove(key, out var slot))
            {
                slot.IsGone = true;
                MoveToDisk(slot);
                Unkeep(slot);
            }
        }

        foreach (var delivery in effects.Deliveries)
        {
            if (delivery.Due is null)
                Put(delivery.Key, delivery.InstanceId, new WaitingMessage(delivery.Seq, delivery.Message), delivery.OthersWait);
        }

        foreach (var activity in effects.Activities)
            Add(activity);
    }

    private void Put(long key, string instanceId, WaitingMessage message, bool othersWait)
    {
        var slot = Find(key, instanceId);
        if (slot.IsOut && slot.Taken.Exists(taken => taken.Seq == message.Seq))
            return;

        Unkeep(slot);
        if (othersWait || (_held >= MostHeld && seams.Gate is null))
            MoveToDisk(slot);

        if (!slot.OnDisk)
        {
            slot.Messages.Add(message);
            _held++;
        }

        if (!slot.IsOut)
            Queue(slot);
    }

    private void MoveToDisk(Slot slot)
    {
        slot.OnDisk = true;
        _held -= slot.Messages.Count;
        slot.Messages = [];
    }

    private void Add(ActivityRow row)
    {
        var held = _heldActivities < MostHeld || seams.Gate is not null;
        _heldActivities += held ? 1 : 0;
        _activities.Add(new ActivitySlot(row.Id, held ? row.Message : null));
    }

    private void Add(ActivitySlot activity)
    {
        _heldActivities += activity.Message is null ? 0 : 1;
        _activities.Add(activity);
    }

    private Slot Find(long key, string instanceId)
    {
        if (!_slots.TryGetValue(key, out var slot))
            _slots.Add(key, slot = new Slot(key, instanceId));

        return slot;
    }

    private void Queue(Slot slot)
    {
        if (!slot.IsQueued)
        {
            slot.IsQueued = true;
            _orchestrations.Add(slot);
        }
    }

    private void Return(Slot slot)
    {
        slot.IsOut = false;
        slot.Taken = [];
        _out--;
        if (slot.IsGone)
            return;

        if (slot.HasWork)
        {
            Queue(slot);
        }
        else if (slot.Run is null)
        {
            _slots.Remove(slot.Key);
        }
        else
        {
            slot.Kept = _kept.AddLast(slot);
            while (_kept.Count > maxCached)
            {
                var oldest = _kept.First!.Value;
                Unkeep(oldest);
                _slots.Remove(oldest.Key);
            }
        }
    }

    private void Unkeep(Slot slot)
    {
        if (slot.Kept is { } node)
        {
            _kept.Remove(node);
            slot.Kept = null;
        }
    }

    private void Pause(Work work, Action goOn)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(work.Failures - 2, 12));
        _paused.Add(work);
        work.Retry = TimeProvider.System.CreateTimer(
            _ =>
            {
                lock (_gate)
                {
                    work.Retry?.Dispose();
                    if (_closed || !_paused.Remove(work))
                        return;

                    goOn();
                }

                Pump();
            },
            null,
            pause < LongestPause ? pause : LongestPause,
            Timeout.InfiniteTimeSpan);
    }
}
