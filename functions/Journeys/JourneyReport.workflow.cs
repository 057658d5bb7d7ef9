using Microsoft.DurableTask;

namespace OmsWorkflows.Journeys;

/// <summary>Keeps a journey's status and publishes each change as the orchestration's custom status.</summary>
internal sealed class JourneyReport(TaskOrchestrationContext context)
{
    /// <summary>The status as last published.</summary>
    public JourneyStatus Status { get; private set; } = new() { Since = context.CurrentUtcDateTime };

    /// <summary>Publishes <paramref name="change"/> of the status; the time of a new phase, and of the end, is set here.</summary>
    public void Set(Func<JourneyStatus, JourneyStatus> change)
    {
        var next = change(Status);
        if (next.Phase != Status.Phase || next.Ended != Status.Ended)
            next = next with { Since = context.CurrentUtcDateTime };
        if (next == Status)
            return;

        var last = Status;
        Status = next;
        context.SetCustomStatus(next);
        Tell(last, next);
        if (!context.IsReplaying)
            JourneyMetrics.Changed(context.Name, last, next);
    }

    /// <summary>Logs what somebody has to look at. The alerts of a deployment wait for these events.</summary>
    private void Tell(JourneyStatus last, JourneyStatus next)
    {
        var logger = context.CreateReplaySafeLogger(typeof(JourneyReport).FullName!);
        if (next.Phase == JourneyPhase.Failed && last.Phase != next.Phase)
            logger.JourneyFailed(context.InstanceId, next.Phase, next.Reason?.Code);
        if (next.Phase == JourneyPhase.NeedsReview && last.Phase != next.Phase)
            logger.JourneyNeedsReview(context.InstanceId, next.Reason?.Code);
        if (next.Overdue && !last.Overdue)
            logger.JourneyOverdue(context.InstanceId, next.Phase);
    }

    /// <summary>Enters a phase: what it waits for, until when, and what happens then.</summary>
    public void Enter(JourneyPhase phase, string? awaiting = null, DateTimeOffset? until = null, string? then = null)
        => Set(status => status with { Phase = phase, Awaiting = awaiting, Until = until, Then = then });

    /// <summary>Ends the journey.</summary>
    public JourneyStatus End(JourneyPhase phase, JourneyReason? reason = null)
    {
        Set(status => status with { Phase = phase, Ended = true, Overdue = false, Awaiting = null, Until = null, Then = null, Reason = reason });
        return Status;
    }
}
