using DurableTask.Core;
using OmsWorkflows.Local.Runtime.Engine.Replay;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>What follows a turn: handing out what it produced once it is stored, or trying again when it was not.</summary>
internal sealed partial class EngineCore
{
    /// <summary>The fate of a turn's transaction is known. Runs on the writer's thread.</summary>
    private void Stored(TurnCommit commit, Exception? error)
    {
        _scheduler.TurnStored();
        if (_dead || !_actors.TryGetValue(commit.Key, out var actor))
        {
            return;
        }

        if (error is not null)
        {
            TryAgain(actor, error);
            return;
        }

        actor.Failures = 0;
        HandOut(commit);
        if (commit.Events is not null)
        {
            Progress(actor, commit);
        }

        Rest(actor);
    }

    private void HandOut(TurnCommit commit)
    {
        if (commit.ConsumedActivities.Count > 0)
        {
            _activities.Forget(commit.ConsumedActivities);
        }

        foreach (var (generation, step) in commit.ConsumedTimers)
        {
            Timers.Cancel(commit.Key, generation, step);
        }

        foreach (var timer in commit.NewTimers)
        {
            Timers.Add(timer);
        }

        if (commit.Started.Count > 0)
        {
            _activities.Add(commit.Started);
        }

        foreach (var (key, child) in commit.Children)
        {
            Created(key, child);
        }

        foreach (var delivery in commit.Delivered)
        {
            Delivered(delivery);
        }
    }

    private void Progress(InstanceActor actor, TurnCommit commit)
    {
        var started = actor.Status == OrchestrationStatus.Pending;
        actor.Status = commit.Status;
        actor.Turn++;
        var header = actor.Execution?.Header ?? actor.Fresh;
        actor.Fresh = null;
        if (commit.End is { } end)
        {
            Report(header, commit.InstanceId, end);
            actor.Forget();
            _cache.Remove(actor);
            Waiters.Changed(commit.InstanceId);
            return;
        }

        if (commit.Restart is { } restart && header is not null)
        {
            actor.Forget();
            actor.Turn = 0;
            actor.Fresh = header with
            {
                Generation = header.Generation + 1,
                Input = restart.Input,
                Version = string.IsNullOrWhiteSpace(restart.Version) ? header.Version : restart.Version,
            };
            lock (actor.Gate)
            {
                actor.Mailbox.Add(new Mail(MailKind.Wake, WriterConnection.AnyGeneration, 0, null));
            }
        }
        else if (actor.Execution is not null && _cache.Use(actor) is { } oldest)
        {
            if (oldest == actor)
            {
                actor.Forget();
            }
            else
            {
                Release(oldest);
            }
        }

        if (started)
        {
            Waiters.Changed(commit.InstanceId);
        }
    }

    private void Report(RunHeader? header, string instanceId, RunEnd end)
    {
        var name = header?.Name ?? string.Empty;
        if (end.Status == OrchestrationStatus.Failed)
        {
            _logger.OrchestrationFailed(name, instanceId, end.Failure?.ErrorType ?? "(unknown)");
        }
        else
        {
            _logger.OrchestrationEnded(name, instanceId, end.Status.ToString());
        }
    }

    /// <summary>
    /// A turn could not be stored, or nobody knows whether it was. Its mail is kept, the execution is read anew, and what a stored turn would
    /// have handed out is looked up.
    /// </summary>
    private void TryAgain(InstanceActor actor, Exception reason)
    {
        if (_stopping)
        {
            // The turn counts as not taken; the next start takes it.
            return;
        }

        var delay = TimeSpan.FromMilliseconds(Math.Min(LongestRetryDelay.TotalMilliseconds, 20 * Math.Pow(2, Math.Min(actor.Failures++, 10))));
        _logger.TurnNotStored(reason, actor.Key, delay);
        actor.Forget();
        _cache.Remove(actor);
        actor.ReturnMail();
        _ = RetryLaterAsync(actor, delay, lookUp: reason is not TurnConflictException);
    }

    private async Task RetryLaterAsync(InstanceActor actor, TimeSpan delay, bool lookUp)
    {
        do
        {
            await Task.Delay(delay, _parts.RetryClock).ConfigureAwait(false);
            if (_dead || _stopping)
            {
                return;
            }
        }
        while (lookUp && !TryRecover());

        _scheduler.Turn(actor, RunTurn);
    }

    /// <summary>Looks up what may have been stored. Until that worked nothing goes on: what comes later must not overtake what was not handed out.</summary>
    private bool TryRecover()
    {
        try
        {
            Recover();
            return true;
        }
        catch (StoreException e)
        {
            _logger.ReadFailed(e);
            return false;
        }
    }
}
