using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using OmsWorkflows.Local.Runtime.Engine.Replay;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>One turn of an instance: from its mail to a transaction.</summary>
internal sealed partial class EngineCore
{
    private void RunTurn(InstanceActor actor)
    {
        TurnCommit? commit = null;
        try
        {
            if (_dead)
            {
                return;
            }

            actor.TakeMail();
            Volatile.Write(ref actor.ComputingSince, Environment.TickCount64);
            commit = Compute(actor);
            Volatile.Write(ref actor.ComputingSince, 0);
            _parts.Seam.Reach(FaultSeam.TurnComputed);
        }
        catch (EngineCrashException)
        {
            Die();
            return;
        }
#pragma warning disable CA1031 // Whatever goes wrong in one instance must not stop the others; it is logged and tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Volatile.Write(ref actor.ComputingSince, 0);
            _scheduler.TurnStored();
            TryAgain(actor, e);
            return;
        }

        if (commit is null)
        {
            _scheduler.TurnStored();
            Rest(actor);
        }
        else
        {
            Writer.Enqueue(commit);
        }
    }

    /// <returns>What to store; <see langword="null"/> when the turn changes nothing.</returns>
    private TurnCommit? Compute(InstanceActor actor)
    {
        if (actor.Execution is not null && actor.InTurn.Exists(static mail => mail.Kind == MailKind.Wake))
        {
            actor.Forget();
        }

        var stored = actor.Execution is null && actor.Fresh is null ? Reader.LoadRun(actor.Key) : null;
        if (actor.Execution is null && actor.Fresh is null && stored is not { HasEnded: false })
        {
            return Discard(actor, stored);
        }

        if (stored is not null)
        {
            actor.Turn = stored.Turn;
            actor.Status = stored.Status;
            actor.LastTurnAt = stored.Updated;
        }
        else if (actor.Fresh is not null)
        {
            actor.Turn = 0;
            actor.Status = OrchestrationStatus.Pending;
        }

        var header = actor.Execution?.Header ?? actor.Fresh ?? stored!.Header;
        var mail = Merge(actor.InTurn, stored);
        var terminated = mail.Exists(static m => m.Event is ExecutionTerminatedEvent);
        if (stored?.StartAt > Now && stored is { Status: OrchestrationStatus.Pending } && !terminated)
        {
            return null;
        }

        var mismatch = terminated ? null : _versions.Check(header.Version);
        if (mismatch is not null && !_versions.FailsMismatch)
        {
            _logger.VersionRejected(header.Name, header.InstanceId, header.Version);
            actor.Forget();
            return null;
        }

        return Advance(actor, header, stored, mail, mismatch);
    }

    private TurnCommit? Advance(InstanceActor actor, RunHeader header, StoredRun? stored, List<Mail> mail, FailureDetails? mismatch)
    {
        var now = Later(Now, actor.LastTurnAt);
        var fresh = new List<Mail>(mail.Count);
        foreach (var m in mail)
        {
            if (m.Event is not null && (m.Generation == WriterConnection.AnyGeneration || m.Generation == header.Generation))
            {
                fresh.Add(m);
                now = m.Event is TimerFiredEvent fired ? Later(now, fired.FireAt) : now;
            }
        }

        var violated = actor.InTurn.Exists(static m => m.Kind == MailKind.Violation);
        if (fresh.Count == 0 && actor.Turn > 0 && !violated && mismatch is null)
        {
            return Leftovers(actor, header.InstanceId, mail);
        }

        var events = TurnBuilder.Open(header, actor.Turn, now);
        foreach (var m in fresh)
        {
            if (m.Event is TimerFiredEvent)
            {
                m.Event.Timestamp = now;
            }

            events.Add(m.Event!);
        }

        actor.LastTurnAt = now;
        var outcome = mismatch is not null ? EndWithout(mismatch)
            : actor.Turn == 0 && fresh.Find(static m => m.Event is ExecutionTerminatedEvent).Event is ExecutionTerminatedEvent never
                ? EndUnstarted(never)
            : Execute(actor, header, stored, events);
        var recursive = outcome.End?.Status == OrchestrationStatus.Terminated
            && fresh.Exists(static m => m.Event is ExecutionTerminatedEvent t && TerminateMessage.IsRecursive(t));
        var commit = TurnBuilder.Close(actor, header, events, outcome, now, recursive, Stored);
        Consume(commit, mail);
        return commit;
    }

    private TurnOutcome Execute(InstanceActor actor, RunHeader header, StoredRun? stored, List<HistoryEvent> events)
    {
        if (actor.Execution is null)
        {
            if (_catalog.FindOrchestrator(header.Name, header.Version) is not { } factory)
            {
                var at = string.IsNullOrEmpty(header.Version) ? string.Empty : $" with version '{header.Version}'";
                return EndWithout(new FailureDetails(
                    "OrchestratorTaskNotFound", $"No orchestrator task named '{header.Name}'{at} was found.", null, null, true));
            }

            try
            {
                actor.Execution = new Execution(header, factory(_parts.Services), _replay, NoteViolation);
            }
#pragma warning disable CA1031 // An orchestrator that cannot be made fails the instance, as the published engine does.
            catch (Exception e)
#pragma warning restore CA1031
            {
                return EndWithout(new FailureDetails(e));
            }
        }

        var execution = actor.Execution;
        try
        {
            if (stored is not null)
            {
                execution.Replay(stored.History);
            }

            return execution.Run(events);
        }
        catch (NonDeterministicOrchestrationException e)
        {
            _logger.NotDeterministic(header.Name, header.InstanceId, e.EventId);
            return execution.Abort(e);
        }
#pragma warning disable CA1031 // An input or event that cannot be read fails the instance, as the published engine does.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return execution.Abort(e);
        }
    }

    /// <summary>The run fails without its orchestrator.</summary>
    private static TurnOutcome EndWithout(FailureDetails failure) =>
        EndAs(new RunEnd(0, OrchestrationStatus.Failed, failure.ErrorMessage, failure));

    /// <summary>The run was ended before its first turn: no code of it runs.</summary>
    private static TurnOutcome EndUnstarted(ExecutionTerminatedEvent terminated) =>
        EndAs(new RunEnd(0, OrchestrationStatus.Terminated, terminated.Input, null));

    private static TurnOutcome EndAs(RunEnd end) => new()
    {
        Steps = [],
        CancelledTimers = [],
        CustomStatus = null,
        IsSuspended = false,
        End = end,
    };

    /// <summary>
    /// Mail in order of arrival. Messages are in the order of the inbox on disk, whichever of them were announced: an announcement can be late or
    /// missing. Where only the disk knows of a message, it goes to the front.
    /// </summary>
    private static List<Mail> Merge(List<Mail> announced, StoredRun? stored)
    {
        if (stored is null)
        {
            return announced;
        }

        var onDisk = stored.Inbox.ToDictionary(static delivery => delivery.Seq);
        var merged = new List<Mail>(announced.Count + onDisk.Count);
        foreach (var mail in announced)
        {
            // An announced message that is no longer on disk was dealt with before.
            if (mail.Kind != MailKind.Inbox || onDisk.Remove(mail.Row))
            {
                merged.Add(mail);
            }
        }

        merged.InsertRange(0, onDisk.Values.OrderBy(static delivery => delivery.Seq)
            .Select(static delivery => new Mail(MailKind.Inbox, delivery.Generation, delivery.Seq, delivery.Message)));

        var inOrder = new Queue<Mail>(merged.Where(static mail => mail.Kind == MailKind.Inbox).OrderBy(static mail => mail.Row));
        for (var i = 0; i < merged.Count; i++)
        {
            if (merged[i].Kind == MailKind.Inbox)
            {
                merged[i] = inOrder.Dequeue();
            }
        }

        return merged;
    }

    private static void Consume(TurnCommit commit, List<Mail> mail)
    {
        foreach (var m in mail)
        {
            switch (m.Kind)
            {
                case MailKind.Inbox:
                    commit.ConsumedInbox.Add(m.Row);
                    break;
                case MailKind.Activity:
                    commit.ConsumedActivities.Add(m.Row);
                    break;
                case MailKind.Timer:
                    commit.ConsumedTimers.Add((m.Generation, (int)m.Row));
                    break;
            }
        }
    }

    /// <summary>The instance has ended or is gone: what arrives is taken off the disk.</summary>
    private TurnCommit? Discard(InstanceActor actor, StoredRun? stored) =>
        Leftovers(actor, stored?.Header.InstanceId ?? string.Empty, Merge(actor.InTurn, stored));

    private TurnCommit? Leftovers(InstanceActor actor, string instanceId, List<Mail> mail)
    {
        var commit = new TurnCommit(actor.Key, 0, actor.Turn, Stored)
        {
            Status = OrchestrationStatus.Completed,
            Now = Now,
            InstanceId = instanceId,
        };
        Consume(commit, mail);
        return commit.ConsumedInbox.Count + commit.ConsumedActivities.Count + commit.ConsumedTimers.Count > 0 ? commit : null;
    }

    private void NoteViolation(Execution execution) =>
        Post(execution.Header.InstanceKey, new Mail(MailKind.Violation, execution.Header.Generation, 0, null));

    private static DateTime Later(DateTime a, DateTime b) => a > b ? a : b;
}
