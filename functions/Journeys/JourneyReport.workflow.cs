using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Journeys;

/// <summary>Keeps a journey's status and publishes each change as the orchestration's custom status.</summary>
internal sealed class JourneyReport(TaskOrchestrationContext context)
{
    private readonly ILogger _logger = context.CreateReplaySafeLogger(typeof(JourneyReport).FullName!);

    /// <summary>The status as last published.</summary>
    public JourneyStatus Status { get; private set; } = new() { Since = context.CurrentUtcDateTime };

    /// <summary>The customer, which every step after onboarding needs.</summary>
    public string CustomerId => Status.CustomerId ?? throw new InvalidOperationException("The journey has no customer yet.");

    /// <summary>The wallet, which every step after onboarding needs.</summary>
    public string WalletId => Status.Wallet?.Id ?? throw new InvalidOperationException("The journey has no wallet yet.");

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
        LogWhatNeedsALook(last, next);
        if (!context.IsReplaying)
            JourneyMetrics.Changed(context.Name, last, next);
    }

    /// <summary>The alerts of a deployment wait for these events.</summary>
    private void LogWhatNeedsALook(JourneyStatus last, JourneyStatus next)
    {
        if (next.Phase == JourneyPhase.Failed && last.Phase != next.Phase)
            _logger.JourneyFailed(context.InstanceId, next.Phase, next.Reason?.Code);
        if (next.Phase == JourneyPhase.NeedsReview && last.Phase != next.Phase)
            _logger.JourneyNeedsReview(context.InstanceId, next.Reason?.Code);
        if (next.Overdue && !last.Overdue)
            _logger.JourneyOverdue(context.InstanceId, next.Phase);
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
