using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite.Dispatch;

/// <summary>The database while it is open: its owner lock, its writer, its readers, and what follows from its contents.</summary>
internal sealed class OpenStore : IDisposable
{
    private readonly SqliteOrchestrationServiceOptions _options;
    private readonly Action<SqliteStoreException> _failed;
    private readonly OwnerLock _lock;
    private readonly WriterConnection _connection;
    private readonly TaskCompletionSource _crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _closed;

    /// <exception cref="SqliteStoreException">The file cannot be opened, is not the provider's, or is in use.</exception>
    public OpenStore(SqliteOrchestrationServiceOptions options, Action<SqliteStoreException> failed)
    {
        _options = options;
        _failed = failed;
        Path = System.IO.Path.GetFullPath(options.DatabasePath);
        _lock = new OwnerLock(Path);
        try
        {
            Create(Path);
            _connection = new WriterConnection(Path, !options.Seams.Relaxed, options.Clock.GetUtcNow(), failed);
            Reader = new StoreReader(Path);
            Writer = new StoreWriter(_connection, options.Seams, Publish)
            {
                InDoubt = Recover,
                Crashed = Crash,
                Drained = () => Board!.Pump(),
            };
            Board = new WorkBoard(options.Seams, options.MaxCachedInstances, () => Writer.Pending);
            Timers = new TimerWheel(options.Clock, Reader, Board, failed);
        }
        catch
        {
            _connection?.Dispose();
            _lock.Dispose();
            throw;
        }
    }

    public string Path { get; }

    public bool IsClosed => _closed;

    public StoreReader Reader { get; }

    public StoreWriter Writer { get; }

    public InstanceWaiters Waiters { get; } = new();

    public WorkBoard Board { get; private set; }

    public TimerWheel Timers { get; private set; }

    /// <summary>Completes when a test killed the service.</summary>
    public Task Crashed => _crashed.Task;

    /// <summary>Takes everything that is on disk and not done as work to be handed out, whoever had it before.</summary>
    public Task RecoverAsync() => Writer.WriteAsync((_, _) => { }, publish: _ => Recover(), isAlone: true);

    public void Dispose()
    {
        if (_closed)
            return;

        _closed = true;
        Timers.Dispose();
        Board.Close();
        Waiters.Close();
        Writer.Dispose();
        Reader.Dispose();
        _connection.Dispose();
        _lock.Dispose();
    }

    /// <summary>Makes the file before SQLite does, which gives its log the same mode.</summary>
    private static void Create(string path)
    {
        try
        {
            new FileStream(path, OwnerOnly.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite)).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SqliteStoreException($"The database {path} cannot be written: {e.Message}", e);
        }
    }

    private IEnumerable<ActivityRow> AllActivities()
    {
        const int size = 1_000;
        var after = 0L;
        while (true)
        {
            var page = Reader.Activities(after, size);
            foreach (var row in page)
                yield return row;

            if (page.Count < size)
                yield break;

            after = page[^1].Id;
        }
    }

    /// <summary>Hands on what a change did. Called on the writer's thread.</summary>
    public void Publish(Effects effects)
    {
        Timers.Announce(effects.Deliveries);
        Board.Publish(effects);
        effects.Ended.ForEach(Waiters.Ended);
    }

    /// <summary>Runs between two transactions, so that nothing is found on disk and announced as well.</summary>
    private void Recover()
    {
        Timers.Dispose();
        var old = Board;
        Board = new WorkBoard(_options.Seams, _options.MaxCachedInstances, () => Writer.Pending);
        old.Close();
        Timers = new TimerWheel(_options.Clock, Reader, Board, _failed);
        Board.Recover(Reader.WithMessages(), AllActivities());
        Timers.Start(_connection.LastSeq);
        Waiters.LookAgain();
    }

    private void Crash()
    {
        Dispose();
        _crashed.TrySetResult();
    }
}
