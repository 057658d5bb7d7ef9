using System.Text.Json;
using Microsoft.DurableTask;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Journeys;

/// <summary>
/// The frame every kind of journey runs in: step after step until one ends it. A step makes one call or waits once, and leaves all it knows
/// in the journey's progress, so that between two steps the journey can continue as new, and a step that failed can be tried again
/// (docs/decisions/0009-the-clock-never-stops.md).
/// </summary>
/// <param name="tells">Whether its milestones are told; part of its input, so that it stays as it was at the start.</param>
internal sealed class Journey(TaskOrchestrationContext context, JourneyMemory? memory, bool tells)
{
    /// <summary>
    /// Continue as new past so many events, by our own count: below 200 even if a step fails on its last try. A call is four events; a turn
    /// of the mailbox is up to seven, because a timer that lost its race still fires.
    /// </summary>
    private const int LongHistory = 120;

    private const int EventsOfACall = 4;
    private const int EventsOfAFailedCall = 22;
    private const int EventsOfATurn = 7;

    private int _callEvents;
    private bool _keepsItsInput;
    private bool _isToldToAsk;

    /// <summary>Receives what comes from outside.</summary>
    public Mailbox Mailbox { get; } = new(context, memory);

    /// <summary>Publishes the status.</summary>
    public JourneyReport Report { get; } = new(context, memory, tells);

    public string InstanceId => context.InstanceId;

    public DateTimeOffset Now => context.CurrentUtcDateTime;

    /// <summary>Whether OMS may be asked now: it answers, the pause after its silence is over, or somebody said so.</summary>
    public bool MayAsk => _isToldToAsk || Report.Status.Silence is not { } silence || Now >= silence.NextTryAt;

    private bool HistoryIsLong => _callEvents + (Mailbox.Turns * EventsOfATurn) >= LongHistory;

    /// <summary>Runs to the end, which includes closing the journey.</summary>
    public async Task<JourneyStatus> RunAsync(IJourneyCourse course)
    {
        while (true)
        {
            if (HistoryIsLong && !_keepsItsInput && !_isToldToAsk)
            {
                var memory = new JourneyMemory(Report.Status, Mailbox.Waiting, Mailbox.Seen) { Milestones = Report.Milestones.Memory };
                context.ContinueAsNew(course.ToInput(memory), preserveUnprocessedEvents: true);
                return Report.Status;
            }

            try
            {
                if (Report.Status.Ended)
                {
                    await TellAsync();
                    if (course.ToClose() is { } request)
                        await context.CallActivityAsync(
                            nameof(JourneyActivities.CloseJourney), request with { Phase = Report.Status.Phase }, JourneyRetry.FewTimes);
                    return Report.Status;
                }

                await course.TakeStepAsync();
            }
            catch (Exception e) when (e is TaskFailedException or JsonException or UnknownStepException)
            {
                // What this version cannot name it cannot pass on: the input stays as the newer version wrote it.
                _keepsItsInput |= e is UnknownStepException;
                await StandStillAsync(e);
            }
        }
    }

    /// <summary>Makes one call and notes whether OMS answered.</summary>
    /// <param name="activity">The call.</param>
    /// <param name="input">What it takes.</param>
    /// <param name="endsSilence">Whether an answer ends the silence; not while it is another call that gets none.</param>
    public async Task<OmsAnswer<T>> TryAsync<T>(string activity, object input, bool endsSilence = true)
        where T : class
    {
        await TellAsync();
        _callEvents += EventsOfACall;
        _isToldToAsk = false;
        var answer = await context.CallActivityAsync<OmsAnswer<T>>(activity, input, JourneyRetry.FewTimes);
        if (endsSilence || answer.Silence is not null)
            Report.Heard(answer.Silence);
        Report.Set(status => status.Fault is null ? status : status with { Fault = null, Reason = WithoutFault(status.Reason) });
        return answer;
    }

    /// <summary>
    /// Makes one call if it is time for it. Without an answer it waits for a signal, the next try, or <paramref name="limit"/>; then
    /// <see cref="Asked{T}.Answer"/> is null and the step is to be taken again.
    /// </summary>
    public async Task<Asked<T>> AskAsync<T>(string activity, object input, DateTimeOffset limit)
        where T : class
    {
        if (MayAsk)
        {
            var answer = await TryAsync<T>(activity, input);
            if (answer.Silence is null)
                return new(answer, null);
        }

        return new(null, await ReceiveAsync(Earlier(limit, NextAskAt(Waits.SilenceAlarm, Now, Waits.SilenceAlarm))));
    }

    /// <summary>Receives the next signal; null when <paramref name="until"/> has come, or a silence became an alarm.</summary>
    public async Task<Signal?> ReceiveAsync(DateTimeOffset until)
    {
        await TellAsync();
        if (Report.Status is { Overdue: false, Silence: { } silence })
            until = Earlier(until, silence.Since + Waits.SilenceAlarm);
        var signal = await Mailbox.ReceiveAsync(until);
        _isToldToAsk |= signal is { Command: CommandNames.Ask };
        Report.Tick();
        return signal;
    }

    /// <summary>When OMS is asked next without being hinted at: after the pause its silence demands, else at the next poll.</summary>
    /// <param name="poll">The configured pause between two polls.</param>
    /// <param name="since">Since when the journey waits.</param>
    /// <param name="longest">The longest pause between two polls.</param>
    public DateTimeOffset NextAskAt(TimeSpan poll, DateTimeOffset since, TimeSpan longest)
        => Report.Status.Silence?.NextTryAt ?? Now + Waits.BetweenPolls(poll, Now - since, longest);

    /// <summary>When the clock matters next to a wait that has an alarm and a limit; never again once both are past.</summary>
    public DateTimeOffset NextLimit(DateTimeOffset alarmAt, DateTimeOffset reviewAt)
    {
        if (Now < alarmAt)
            return alarmAt;
        return Now < reviewAt ? reviewAt : DateTimeOffset.MaxValue;
    }

    /// <summary>Ends a journey that needs a review when the signal is an operator's word that it is resolved.</summary>
    public bool IsResolvedBy(Signal? signal)
    {
        if (signal is not { Command: CommandNames.Resolve } || Report.Status.Phase != JourneyPhase.NeedsReview)
            return false;
        Report.End(JourneyPhase.Failed, JourneyReasons.Resolved(signal.Argument));
        return true;
    }

    public static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    public static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    /// <summary>
    /// A fault of this app: waits before the step is tried again, and asks for an operator once it lasts. Resolve and cancel work
    /// meanwhile; other signals are kept for the step.
    /// </summary>
    private async Task StandStillAsync(Exception exception)
    {
        _callEvents += EventsOfAFailedCall;
        var tries = (Report.Status.Fault?.Tries ?? 0) + 1;
        var fault = new JourneyFault(
            Report.Status.Fault?.ErrorId ?? context.NewGuid().ToString("N"),
            Report.Status.Fault?.Since ?? Now,
            tries,
            Now + Waits.AfterFault(tries));
        var failure = exception as TaskFailedException;
        Report.Faulted(fault, failure?.TaskName ?? "a step", failure?.FailureDetails.ErrorType ?? exception.GetType().Name);
        if (!Report.Status.Ended && Now >= fault.Since + Waits.FaultReview)
        {
            Report.Set(status => status with { Reason = JourneyReasons.InternalError(fault.ErrorId) });
            Report.Enter(JourneyPhase.NeedsReview, "an operator to mend what the log names", fault.NextTryAt, "the step is tried again");
        }

        // Not again at once what failed just now.
        if (failure?.TaskName != nameof(MilestoneActivities.TellMilestones))
            await TryToTellAsync();
        var kept = new Stack<Signal>();
        while (await Mailbox.ReceiveAsync(fault.NextTryAt) is { } signal)
        {
            if (EndsStandStill(signal))
                break;
            kept.Push(signal);
            if (signal.Command == CommandNames.Ask)
                break;
        }

        while (kept.TryPop(out var signal))
            Mailbox.PutBack(signal);
    }

    /// <summary>
    /// Puts what there is to tell into the outbox: before the journey waits or calls, so that nobody waits for it in turn.
    /// </summary>
    private async Task TellAsync()
    {
        if (Report.Milestones.Untold is not { Count: > 0 } untold)
            return;
        _callEvents += EventsOfACall;
        var toTell = new MilestonesToTell(InstanceId, untold, Report.Status);
        await context.CallActivityAsync(nameof(MilestoneActivities.TellMilestones), toTell, JourneyRetry.FewTimes);
        Report.Milestones.Told(untold);
    }

    /// <summary>Tells that an operator is needed, if that can be told: it may be what is broken.</summary>
    private async Task TryToTellAsync()
    {
        try
        {
            await TellAsync();
        }
        catch (TaskFailedException)
        {
            _callEvents += EventsOfAFailedCall;
        }
    }

    private bool EndsStandStill(Signal signal)
    {
        if (Report.Status.Ended)
            return false;
        if (IsResolvedBy(signal))
            return true;

        if (signal.Command != CommandNames.Cancel || Report.Status.MoneyMayMove)
            return false;
        Report.End(JourneyPhase.Cancelled, JourneyReasons.CancelledAfterFault);
        return true;
    }

    private static JourneyReason? WithoutFault(JourneyReason? reason) => reason?.Code == JourneyReasons.InternalErrorCode ? null : reason;
}

/// <summary>
/// The journey is in a step of a newer version. It is not guessed: the journey stands still until an operator or that version comes.
/// </summary>
internal sealed class UnknownStepException() : Exception("The journey is in a step that this version of the app does not know.");

/// <summary>What one kind of journey does in the frame of <see cref="Journey"/>.</summary>
internal interface IJourneyCourse
{
    /// <summary>Takes the next step. The journey may have ended after it.</summary>
    Task TakeStepAsync();

    /// <summary>The input with which the journey continues as new.</summary>
    object ToInput(JourneyMemory memory);

    /// <summary>What is left to close after the end; null when that was done along with the last effect.</summary>
    CloseRequest? ToClose();
}

/// <summary>What became of a call: an answer that is no silence, or a wait that ended by a signal or by time.</summary>
/// <param name="Answer">The value or the refusal; null when OMS did not answer.</param>
/// <param name="Signal">What ended the wait; null when time did, or when there was an answer.</param>
internal sealed record Asked<T>(OmsAnswer<T>? Answer, Signal? Signal)
    where T : class;
