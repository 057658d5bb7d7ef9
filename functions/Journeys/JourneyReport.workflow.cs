using Microsoft.DurableTask;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Journeys;

/// <summary>Keeps a journey's status and publishes each change as the orchestration's custom status.</summary>
internal sealed class JourneyReport
{
    /// <summary>A journey that comes back to the same phases again and again keeps the first and the newest.</summary>
    private const int MaxPassed = 30;

    private readonly TaskOrchestrationContext _context;
    private bool _phaseIsOverdue;

    public JourneyReport(TaskOrchestrationContext context, JourneyMemory? memory, bool tells)
    {
        _context = context;
        Milestones = new(context, tells, memory?.Milestones);
        Status = memory?.Status ?? new() { Since = context.CurrentUtcDateTime };
        _phaseIsOverdue = Status.Overdue;
        if (memory is not null)
            context.SetCustomStatus(Status);
    }

    /// <summary>The status as last published.</summary>
    public JourneyStatus Status { get; private set; }

    /// <summary>What there is to tell of it.</summary>
    public Milestones Milestones { get; }

    /// <summary>The customer, which every step after onboarding needs.</summary>
    public string CustomerId => Status.CustomerId ?? throw new InvalidOperationException("The journey has no customer yet.");

    /// <summary>The wallet, which every step after onboarding needs.</summary>
    public string WalletId => Status.Wallet?.Id ?? throw new InvalidOperationException("The journey has no wallet yet.");

    private DateTimeOffset Now => _context.CurrentUtcDateTime;

    /// <summary>Publishes <paramref name="change"/> of the status; the time of a new phase, and of the end, is set here.</summary>
    public void Set(Func<JourneyStatus, JourneyStatus> change)
    {
        var last = Status;
        var next = change(last);
        if (next.Phase != last.Phase)
            next = next with { Passed = Append(last.Passed, new(next.Phase, Now, next.Reason?.Code)) };
        if (next.Phase != last.Phase || next.Ended != last.Ended)
            next = next with { Since = Now };
        next = next with { Overdue = !next.Ended && (_phaseIsOverdue || IsSilentTooLong(next)) };
        if (next == last)
            return;

        Status = next;
        _context.SetCustomStatus(next);
        Milestones.Note(last, next);
        LogWhatNeedsALook(last, next);
        if (!_context.IsReplaying)
            JourneyMetrics.Changed(_context.Name, last, next);
    }

    /// <summary>Enters a phase: what it waits for, until when, what happens then, and whether it lasts longer than it should.</summary>
    public void Enter(JourneyPhase phase, string? awaiting = null, DateTimeOffset? until = null, string? then = null, bool overdue = false)
    {
        // A step that is tried again after a fault has not gone on yet: the journey stays where an operator found it.
        if (phase != JourneyPhase.NeedsReview && Status is { Phase: JourneyPhase.NeedsReview, Fault: not null })
            return;
        _phaseIsOverdue = overdue;
        Set(status => status with { Phase = phase, Awaiting = awaiting, Until = until, Then = then });
    }

    /// <summary>Notes that OMS answered, or that it did not, and when it is asked again.</summary>
    public void Heard(OmsSilence? silence)
    {
        if (silence is null)
        {
            Set(status => status with { Silence = null });
            return;
        }

        Set(status =>
        {
            var tries = (status.Silence?.Tries ?? 0) + 1;
            var next = Now + Waits.AfterSilence(tries, silence.RetryAfter);
            var since = status.Silence?.Since ?? Now;
            return status with { Silence = new(since, silence.Cause, silence.Route, tries, next) { RequestId = silence.RequestId } };
        });
    }

    /// <summary>Looks at the clock again: a silence may have become an alarm.</summary>
    public void Tick() => Set(status => status);

    /// <summary>
    /// Notes a fault of the app's own, and from when on it needs an operator. The exception's text may quote anything, so only its type is
    /// logged.
    /// </summary>
    public void Faulted(JourneyFault fault, string activity, string type)
    {
        var logger = _context.CreateReplaySafeLogger<JourneyReport>();
        if (fault.Tries == 1)
            logger.JourneyFaulted(_context.InstanceId, activity, type, fault.ErrorId);
        Set(status => status with { Fault = fault });
    }

    /// <summary>Ends the journey.</summary>
    public JourneyStatus End(JourneyPhase phase, JourneyReason? reason = null)
    {
        Set(status => status with
        {
            Phase = phase,
            Ended = true,
            Awaiting = null,
            Until = null,
            Then = null,
            Silence = null,
            Fault = null,
            Reason = reason,
        });
        return Status;
    }

    private bool IsSilentTooLong(JourneyStatus status) => status.Silence is { } silence && Now >= silence.Since + Waits.SilenceAlarm;

    /// <summary>The alerts of a deployment wait for these events.</summary>
    private void LogWhatNeedsALook(JourneyStatus last, JourneyStatus next)
    {
        var logger = _context.CreateReplaySafeLogger<JourneyReport>();
        if (next.Phase == JourneyPhase.Failed && last.Phase != next.Phase)
            logger.JourneyFailed(_context.InstanceId, next.Phase, next.Reason?.Code ?? "unknown");
        if (next.Ended && next.Phase == JourneyPhase.Failed && next.MoneyMayMove)
            logger.MoneyTakenNotDelivered(
                _context.InstanceId, next.TransactionId ?? next.Payout?.TransactionId ?? "unknown", next.Reason?.Code ?? "unknown");
        if (next.Phase == JourneyPhase.NeedsReview && last.Phase != next.Phase)
            logger.JourneyNeedsReview(_context.InstanceId, next.Reason?.Code ?? "overdue");
        if (next.Overdue && !last.Overdue)
            logger.JourneyOverdue(_context.InstanceId, next.Phase, next.Silence?.Cause ?? "none");
    }

    private static IReadOnlyList<PassedPhase> Append(IReadOnlyList<PassedPhase> passed, PassedPhase next)
        => passed.Count < MaxPassed ? [.. passed, next] : [passed[0], .. passed.Skip(2), next];
}
