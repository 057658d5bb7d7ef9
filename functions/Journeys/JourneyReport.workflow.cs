using Microsoft.DurableTask;

namespace OmsWorkflows.Journeys;

/// <summary>Keeps a journey's status and publishes each change as the orchestration's custom status.</summary>
internal sealed class JourneyReport
{
    private readonly TaskOrchestrationContext _context;

    /// <param name="context">The orchestration.</param>
    /// <param name="resumed">What the journey took along, when its history started over.</param>
    public JourneyReport(TaskOrchestrationContext context, JourneyState? resumed = null)
    {
        _context = context;
        Status = resumed?.Status ?? new() { Since = context.CurrentUtcDateTime };
        if (resumed is not null)
            context.SetCustomStatus(Status);
    }

    /// <summary>The status as last published.</summary>
    public JourneyStatus Status { get; private set; }

    /// <summary>The customer, which every step after onboarding needs.</summary>
    public string CustomerId => Status.CustomerId ?? throw new InvalidOperationException("The journey has no customer yet.");

    /// <summary>The wallet, which every step after onboarding needs.</summary>
    public string WalletId => Status.Wallet?.Id ?? throw new InvalidOperationException("The journey has no wallet yet.");

    /// <summary>Publishes <paramref name="change"/> of the status; the time of a new phase, and of the end, is set here.</summary>
    public void Set(Func<JourneyStatus, JourneyStatus> change)
    {
        var next = change(Status);
        if (next.Phase != Status.Phase || next.Ended != Status.Ended)
            next = next with { Since = _context.CurrentUtcDateTime };
        if (next == Status)
            return;

        var last = Status;
        Status = next;
        _context.SetCustomStatus(next);
        LogWhatNeedsALook(last, next);
        if (!_context.IsReplaying)
            JourneyMetrics.Changed(_context.Name, last, next);
    }

    /// <summary>The alerts of a deployment wait for these events.</summary>
    private void LogWhatNeedsALook(JourneyStatus last, JourneyStatus next)
    {
        var logger = _context.CreateReplaySafeLogger(typeof(JourneyReport).FullName!);
        if (next.Phase == JourneyPhase.Failed && last.Phase != next.Phase)
            logger.JourneyFailed(_context.InstanceId, next.Phase, next.Reason?.Code);
        if (next.Phase == JourneyPhase.NeedsReview && last.Phase != next.Phase)
            logger.JourneyNeedsReview(_context.InstanceId, next.Reason?.Code);
        if (next.Overdue && !last.Overdue)
            logger.JourneyOverdue(_context.InstanceId, next.Phase);
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
