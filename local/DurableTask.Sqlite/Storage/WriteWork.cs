namespace DurableTask.Sqlite.Storage;

/// <summary>A change to the database. Several share a transaction; each takes effect as a whole or not at all.</summary>
internal abstract class WriteWork
{
    /// <summary>Whether what comes after it belongs into another transaction.</summary>
    public virtual bool EndsBatch => false;

    /// <summary>Makes the change inside the transaction. May be called again when the transaction failed.</summary>
    public abstract void Apply(WriterConnection db);

    /// <summary>The change is on disk. Called on the writer's thread: only hands on.</summary>
    public abstract void Committed();

    /// <summary>The change failed, or its fate is unknown.</summary>
    public abstract void Failed(Exception reason);
}

/// <summary>A change somebody waits for.</summary>
internal abstract class WriteWork<T> : WriteWork
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Done => _done.Task;

    protected abstract T Result { get; }

    public override void Committed() => _done.TrySetResult(Result);

    public override void Failed(Exception reason) => _done.TrySetException(reason);
}
