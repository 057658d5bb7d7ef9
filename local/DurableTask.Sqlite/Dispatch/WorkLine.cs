namespace DurableTask.Sqlite.Dispatch;

/// <summary>Work that is ready, and dispatchers that wait for some. Guarded by the lock of the <see cref="WorkBoard"/>.</summary>
internal sealed class WorkLine<T>
    where T : Work
{
    private readonly LinkedList<TaskCompletionSource<T?>> _waiting = new();
    private Queue<T> _ready = new();

    public int Ready => _ready.Count;

    public bool IsAwaited => _waiting.Count > 0;

    public IEnumerable<T> Items => _ready;

    public void Add(T work) => _ready.Enqueue(work);

    public T TakeFirst() => _ready.Dequeue();

    /// <summary>Takes the work at a place.</summary>
    public T TakeAt(int index)
    {
        var all = _ready.ToList();
        var taken = all[index];
        all.RemoveAt(index);
        _ready = new Queue<T>(all);
        return taken;
    }

    public LinkedListNode<TaskCompletionSource<T?>> Wait()
        => _waiting.AddLast(new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>Stops waiting, unless work was given.</summary>
    public void Leave(LinkedListNode<TaskCompletionSource<T?>> waiter)
    {
        if (waiter.Value.TrySetResult(null))
            _waiting.Remove(waiter);
    }

    /// <summary>Gives work to whoever waits longest.</summary>
    public void Give(T work)
    {
        var waiter = _waiting.First!;
        _waiting.RemoveFirst();
        waiter.Value.SetResult(work);
    }

    /// <summary>Sends all who wait away with nothing.</summary>
    public void Dismiss()
    {
        foreach (var waiter in _waiting)
            waiter.SetResult(null);

        _waiting.Clear();
    }
}
