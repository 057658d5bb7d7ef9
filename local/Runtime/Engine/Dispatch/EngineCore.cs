using System.Collections.Concurrent;
using DurableTask.Core.History;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Local.Runtime.Engine.Client;
using OmsWorkflows.Local.Runtime.Engine.Replay;
using OmsWorkflows.Local.Runtime.Engine.Storage;
using OmsWorkflows.Local.Runtime.Engine.Time;

namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>
/// The engine over one database: routes mail to instances, runs their turns, stores them, and hands out what they produced once it is stored.
/// Nothing polls; a restart finds everything on disk.
/// </summary>
internal sealed partial class EngineCore : IDisposable
{
    private const int MaxFreshInMemory = 20_000;

    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(5);

    private readonly EngineParts _parts;
    private readonly ILogger _logger;
    private readonly ReplaySettings _replay;
    private readonly TaskCatalog _catalog;
    private readonly VersionGate _versions;
    private readonly ActivityRunner _activityRunner;
    private readonly OwnerLock _lock;
    private readonly WriterConnection _connection;
    private readonly EngineScheduler _scheduler;
    private readonly ActivityDispatcher _activities;
    private readonly ExecutionCache _cache;
    private readonly WorkTracker _work;
    private readonly ConcurrentDictionary<long, InstanceActor> _actors = new();
    private volatile bool _stopping;
    private volatile bool _dead;

    public EngineCore(EngineParts parts)
    {
        _parts = parts;
        _logger = parts.Loggers.CreateLogger("OmsWorkflows.Local.Runtime.Engine");
        _replay = parts.CreateReplaySettings();
        _catalog = new TaskCatalog(parts.Registry);
        _versions = new VersionGate(parts.Versioning);
        _activityRunner = parts.CreateActivityRunner(_catalog, _versions, _logger, key => Reader!.FindTrace(key));
        _cache = new ExecutionCache(parts.Options.MaxCachedExecutions);
        _work = new WorkTracker(SkipTimeIfWaitedFor);
        Waiters = new InstanceWaiters(SkipTimeIfWaitedFor);

        var path = Path.GetFullPath(parts.Options.DatabasePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _lock = new OwnerLock(path);
        try
        {
            _connection = new WriterConnection(path, parts.Options.Durable, _logger.CheckpointFailed);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }

        Reader = new StoreReader(path);
        _scheduler = parts.CreateScheduler();
        Writer = new StoreWriter(_connection, parts.Seam, _scheduler.Commit, crash => Die());
        _activities = new ActivityDispatcher(parts.Options.MaxConcurrentActivities, Reader.Activities, StartActivity);
        Timers = new TimerQueue(parts.Clock, Reader.Timers, FireTimers, _logger.ReadFailed);
    }

    public StoreReader Reader { get; }

    public StoreWriter Writer { get; }

    public TimerQueue Timers { get; }

    public InstanceWaiters Waiters { get; }

    public TimeProvider Clock => _parts.Clock;

    public DateTime Now => _parts.Clock.GetUtcNow().UtcDateTime;

    /// <summary>Whether a test killed the engine.</summary>
    public bool IsDead => _dead;

    /// <summary>Takes up what is stored. Also used when it is unknown whether a transaction took effect.</summary>
    public void Recover()
    {
        Timers.Load();
        var now = Now;
        foreach (var (key, startAt) in Reader.Pending())
        {
            if (startAt is { } later && later > now)
            {
                Timers.Add(StartTimer(key, later));
            }
            else
            {
                Post(key, new Mail(MailKind.Wake, WriterConnection.AnyGeneration, 0, null));
            }
        }

        foreach (var key in Reader.WithWork())
        {
            Post(key, new Mail(MailKind.Wake, WriterConnection.AnyGeneration, 0, null));
        }

        _activities.Recover();
    }

    /// <summary>Hands a change to the writer on behalf of a client.</summary>
    public async Task<T> WriteAsync<T>(WriteWork<T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_stopping || _dead, this);
        _work.Begin();
        try
        {
            Writer.Enqueue(work);
            return await work.Done.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _work.End();
        }
    }

    /// <summary>An instance was created.</summary>
    public void Created(long key, NewInstance instance)
    {
        if (instance.StartAt is { } later && later > Now)
        {
            Timers.Add(StartTimer(key, later));
            return;
        }

        var header = new RunHeader(
            key, instance.Id, instance.Name, instance.Version, 0, instance.Input, instance.Parent, instance.Tags);
        // A long queue keeps its inputs on disk.
        Post(key, new Mail(MailKind.Wake, WriterConnection.AnyGeneration, 0, null), _work.Count < MaxFreshInMemory ? header : null);
    }

    /// <summary>A message reached an inbox.</summary>
    public void Delivered(Delivery delivery) =>
        Post(delivery.Key, new Mail(MailKind.Inbox, delivery.Generation, delivery.Seq, delivery.Message));

    /// <summary>Instances are gone.</summary>
    public void Removed(IReadOnlyList<long> keys)
    {
        foreach (var key in keys)
        {
            if (_actors.TryGetValue(key, out var actor))
            {
                Release(actor);
            }
        }
    }

    /// <summary>Begins nothing new, waits for what is under way, and gives the rest back to the next start.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        Timers.Dispose();
        _activities.Stop();
        try
        {
            await _work.WhenIdle().WaitAsync(patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logger.EngineStoppedBusy();
        }

        _stopping = true;
        Writer.Close();
    }

    public void Dispose()
    {
        _stopping = true;
        Timers.Dispose();
        _activities.Stop();
        Writer.Close();
        _scheduler.Dispose();
        Reader.Dispose();
        _connection.Dispose();
        _lock.Dispose();
    }

    /// <summary>Reports turns that do not end.</summary>
    public void ReportSlowTurns()
    {
        foreach (var actor in _actors.Values)
        {
            var since = Volatile.Read(ref actor.ComputingSince);
            var seconds = (Environment.TickCount64 - since) / 1_000;
            if (since != 0 && seconds >= _parts.Options.SlowTurn.TotalSeconds)
            {
                _logger.TurnIsSlow(actor.Execution?.Header.InstanceId ?? $"#{actor.Key}", seconds);
            }
        }
    }

    private static TimerRow StartTimer(long key, DateTime at) => new(key, WriterConnection.AnyGeneration, -1, at);

    private void Post(long key, Mail mail, RunHeader? fresh = null)
    {
        while (!_dead)
        {
            var actor = _actors.GetOrAdd(key, static key => new InstanceActor(key));
            lock (actor.Gate)
            {
                if (actor.IsRetired)
                {
                    continue;
                }

                actor.Mailbox.Add(mail);
                actor.Fresh ??= actor.Execution is null && !actor.IsActive ? fresh : null;
                if (actor.IsActive)
                {
                    return;
                }

                actor.IsActive = true;
                _work.Begin();
            }

            _scheduler.Turn(actor, RunTurn);
            return;
        }
    }

    /// <summary>The turn has ended; the next one follows at once when there is mail.</summary>
    private void Rest(InstanceActor actor)
    {
        actor.InTurn.Clear();
        bool goesOn;
        lock (actor.Gate)
        {
            goesOn = actor.Mailbox.Count > 0;
            actor.IsActive = goesOn;
            if (!goesOn && actor.Execution is null)
            {
                Retire(actor);
            }
        }

        if (goesOn)
        {
            _scheduler.Turn(actor, RunTurn);
        }
        else
        {
            _work.End();
        }
    }

    private void Retire(InstanceActor actor)
    {
        actor.IsRetired = true;
        _cache.Remove(actor);
        _actors.TryRemove(KeyValuePair.Create(actor.Key, actor));
    }

    /// <summary>Takes an execution out of memory, unless a turn of it is under way.</summary>
    private void Release(InstanceActor actor)
    {
        lock (actor.Gate)
        {
            if (!actor.IsActive && !actor.IsRetired)
            {
                actor.Forget();
                Retire(actor);
            }
        }
    }

    private void FireTimers(List<TimerRow> due)
    {
        try
        {
            _parts.Seam.Reach(FaultSeam.TimerDue);
        }
        catch (EngineCrashException)
        {
            Die();
            return;
        }

        foreach (var timer in due)
        {
            Post(timer.Key, timer.Step < 0
                ? new Mail(MailKind.Wake, WriterConnection.AnyGeneration, 0, null)
                : new Mail(MailKind.Timer, timer.Generation, timer.Step, new TimerFiredEvent(-1, timer.Due) { TimerId = timer.Step }));
        }
    }

    private void StartActivity(ActivityRow row)
    {
        _work.Begin();
        _scheduler.Activity(() => RunActivityAsync(row));
    }

    private async Task RunActivityAsync(ActivityRow row)
    {
        try
        {
            _parts.Seam.Reach(FaultSeam.ActivityStarting);
            var result = await _activityRunner.RunAsync(row).ConfigureAwait(false);
            _parts.Seam.Reach(FaultSeam.ActivityFinished);
            if (!_dead && !_stopping)
            {
                Post(row.Key, new Mail(MailKind.Activity, row.Generation, row.Id, result));
            }
        }
        catch (EngineCrashException)
        {
            Die();
        }
        finally
        {
            _activities.Finished();
            _work.End();
        }
    }

    /// <summary>When only a timer can go on and somebody waits, a skipping clock goes there at once.</summary>
    private void SkipTimeIfWaitedFor()
    {
        if (_parts.Clock is SkippingClock clock && Waiters.HasAny && _work.IsIdle && Timers.NextDue is { } due)
        {
            clock.SkipTo(due);
            Timers.Check();
        }
    }

    private void Die()
    {
        _dead = true;
        _activities.Stop();
        Timers.Dispose();
        Writer.Close();
    }
}
