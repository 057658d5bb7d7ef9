using DurableTask.Core;
using DurableTask.Core.History;
using OmsWorkflows.Local.Runtime.Engine.Replay;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>Makes of the events and the outcome of a turn what is stored.</summary>
internal static class TurnBuilder
{
    /// <summary>The events that open the turn: its time, and on the first turn the start.</summary>
    public static List<HistoryEvent> Open(RunHeader header, int turn, DateTime now)
    {
        var events = new List<HistoryEvent>(8) { new OrchestratorStartedEvent(-1) { Timestamp = now } };
        if (turn == 0)
        {
            events.Add(new ExecutionStartedEvent(-1, null)
            {
                Timestamp = now,
                Name = header.Name,
                Version = header.Version,
                OrchestrationInstance = new OrchestrationInstance { InstanceId = header.InstanceId, ExecutionId = ExecutionId(header) },
                Tags = header.Tags is null ? null : new Dictionary<string, string>(header.Tags),
                ParentInstance = header.Parent is { } parent
                    ? new ParentInstance
                    {
                        Name = parent.Name,
                        OrchestrationInstance = new OrchestrationInstance { InstanceId = parent.InstanceId },
                        TaskScheduleId = parent.StepId,
                    }
                    : null,
            });
        }

        return events;
    }

    /// <summary>Puts the outcome of the turn behind its events and into the commit.</summary>
    public static TurnCommit Close(
        InstanceActor actor,
        RunHeader header,
        List<HistoryEvent> events,
        TurnOutcome outcome,
        DateTime now,
        bool terminateChildren,
        Action<TurnCommit, Exception?> finished)
    {
        foreach (var step in outcome.Steps)
        {
            events.Add(Record(step, now));
        }

        if (outcome.End is { } end)
        {
            events.Add(new ExecutionCompletedEvent(end.StepId, end.Result, end.Status, end.Failure) { Timestamp = now });
        }

        events.Add(new OrchestratorCompletedEvent(-1) { Timestamp = now });
        var commit = new TurnCommit(header.InstanceKey, header.Generation, actor.Turn, finished)
        {
            Events = HistoryCodec.Write(events),
            Status = outcome.End?.Status ?? (outcome.IsSuspended ? OrchestrationStatus.Suspended : OrchestrationStatus.Running),
            Now = now,
            InstanceId = header.InstanceId,
            CustomStatus = outcome.CustomStatus,
            End = outcome.End,
            Restart = outcome.Restart,
            Parent = header.Parent,
            TerminateChildren = terminateChildren,
        };
        foreach (var step in outcome.Steps)
        {
            Carry(step, commit, header, outcome, now);
        }

        foreach (var timer in outcome.CancelledTimers)
        {
            commit.ConsumedTimers.Add((header.Generation, timer));
        }

        return commit;
    }

    private static string ExecutionId(RunHeader header) => $"{header.InstanceKey:x}-{header.Generation}";

    private static HistoryEvent Record(Step step, DateTime now)
    {
        HistoryEvent e = step switch
        {
            ScheduleActivity s => new TaskScheduledEvent(s.Id) { Name = s.Name, Version = s.Version, Input = s.Input, Tags = s.Tags },
            CreateTimerStep s => new TimerCreatedEvent(s.Id, s.FireAt),
            StartSubOrchestration s => new SubOrchestrationInstanceCreatedEvent(s.Id)
            {
                Name = s.Name,
                Version = s.Version,
                InstanceId = s.InstanceId,
                Input = s.Input,
                Tags = s.Tags,
            },
            SendEventStep s => new EventSentEvent(s.Id) { InstanceId = s.InstanceId, Name = s.Name, Input = s.Input },
            _ => throw new NotSupportedException($"A step of kind {step.GetType().Name} is not recorded."),
        };
        e.Timestamp = now;
        return e;
    }

    private static void Carry(Step step, TurnCommit commit, RunHeader header, TurnOutcome outcome, DateTime now)
    {
        switch (step)
        {
            case ScheduleActivity s:
                commit.NewActivities.Add(s);
                break;
            case CreateTimerStep s when !outcome.CancelledTimers.Contains(s.Id) && outcome.End is null:
                commit.NewTimers.Add(new TimerRow(header.InstanceKey, header.Generation, s.Id, s.FireAt));
                break;
            case StartSubOrchestration s:
                commit.NewChildren.Add((s.Id, new NewInstance(
                    s.InstanceId,
                    s.Name,
                    s.Version,
                    s.Input,
                    now,
                    null,
                    s.Tags is null ? null : new Dictionary<string, string>(s.Tags),
                    new ParentLink(header.InstanceKey, header.Generation, s.Id, header.InstanceId, header.Name))));
                break;
            case SendEventStep s:
                commit.Messages.Add((s.InstanceId, new EventRaisedEvent(-1, s.Input) { Name = s.Name, Timestamp = now }));
                break;
        }
    }
}
