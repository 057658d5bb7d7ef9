using OmsWorkflows.Journeys;

namespace OmsWorkflows.CashIns;

/// <summary>
/// A cash-in from its deposit code to the end: wake up, ask OMS, decide. Whatever woke it is a hint; OMS's answer decides
/// (docs/decisions/0004-one-mailbox.md).
/// </summary>
internal sealed class CashInSteps(Journey journey, CashInInput input, CashInProgress progress)
{
    private static readonly TimeSpan LongestDepositPoll = TimeSpan.FromHours(2);
    private static readonly TimeSpan LongestSettlementPoll = TimeSpan.FromHours(6);

    private readonly CashInOptions _options = input.Options;

    /// <summary>How far it is.</summary>
    public CashInProgress Progress { get; private set; } = progress;

    /// <summary>Whether the activity that booked the money has closed the journey.</summary>
    public bool IsClosed => Progress.CashIn is { Closed: true };

    private CashInSnapshot CashIn => Progress.CashIn ?? throw new InvalidOperationException("The cash-in has no code yet.");

    private DateTimeOffset Now => journey.Now;

    private bool CancelRequested => journey.Report.Status.CancelRequested;

    private bool MayRefreshUnasked => Progress.AutomaticRounds < _options.MaxRefreshRounds;

    /// <summary>Takes the next step. The journey may have ended after it.</summary>
    public Task TakeAsync() => Progress.Step switch
    {
        CashInStep.CreateCashIn => CreateAsync(),
        CashInStep.AwaitDeposit => AwaitDepositAsync(),
        CashInStep.Refresh => RefreshAsync(),
        CashInStep.AwaitRevival => AwaitRevivalAsync(),
        CashInStep.AwaitSettlement => AwaitSettlementAsync(),
        CashInStep.AskAboutRevival => AskAsync(CashInStep.AwaitRevival),
        CashInStep.AskAboutSettlement => AskAsync(CashInStep.AwaitSettlement),
        CashInStep.AskAboutDeposit => AskAsync(CashInStep.AwaitDeposit),
        _ => throw new UnknownStepException(),
    };

    private async Task CreateAsync()
    {
        var status = journey.Report.Status;
        var giveUpAt = (status.Phase == JourneyPhase.CreatingCashIn ? status.Since : Now) + input.Onboarding.GiveUpAfter;
        journey.Report.Enter(JourneyPhase.CreatingCashIn, "OMS to make the deposit code", giveUpAt, "the journey ends as Failed");
        var request = new CreateCashInRequest(
            journey.InstanceId, journey.Report.CustomerId, journey.Report.WalletId, input.IndicatedAmount);
        var asked = await journey.AskAsync<CashInSnapshot>(nameof(CashInActivities.CreateCashIn), request, giveUpAt);
        if (asked.Answer is { IsRefused: true } refused)
        {
            journey.Report.End(JourneyPhase.Failed, refused.Refusal.ToReason(CashInReasons.CodeRefused));
        }
        else if (asked.Answer?.Value is { } created)
        {
            journey.Mailbox.Add(created.Signals);
            journey.Report.Set(last => last with { CashInId = created.CashInId, Reason = null });
            Progress = Progress with { ReceivedAt = created.ReceivedAt };
            Follow(created with { Signals = [], ReceivedAt = null }, CashInStep.AwaitDeposit);
        }
        else if (asked.Signal is { Command: CommandNames.Cancel })
        {
            journey.Report.End(JourneyPhase.Cancelled, CashInReasons.CancelledBeforeCode);
        }
        else if (Now >= giveUpAt)
        {
            journey.Report.End(JourneyPhase.Failed, CashInReasons.CodeUnanswered);
        }
    }

    /// <summary>The code is out: the timer of its expiry is raced against cash, commands and the poll.</summary>
    private async Task AwaitDepositAsync()
    {
        var expiresAt = CashIn.Deposit.ExpiresAt ?? Progress.Since + TimeSpan.FromHours(1);
        var nextAsk = journey.NextAskAt(_options.DepositPoll, Progress.Since, LongestDepositPoll);
        if (Now < expiresAt)
            journey.Report.Enter(JourneyPhase.AwaitingDeposit, "cash on the deposit code", expiresAt, WhatFollowsExpiry());
        else
            ReportUnanswered(JourneyPhase.AwaitingDeposit, Journey.Later(expiresAt, Progress.Since) + _options.GraceTime, nextAsk);

        var signal = await journey.ReceiveAsync(Now < expiresAt ? Journey.Earlier(expiresAt, nextAsk) : nextAsk);
        if (journey.IsResolvedBy(signal))
            return;
        if (signal is { Command: CommandNames.Cancel })
            CancelWhenTheCodeRunsOut();
        else if (signal is { Command: CommandNames.Refresh } && !CancelRequested)
            BeginRefresh(automatic: false);
        else if (signal.SaysCashWasTaken())
            CashWasTaken();
        else if (journey.MayAsk && (signal.MayEndTheDeposit() || (signal is null && (Now >= nextAsk || Now >= expiresAt))))
            GoTo(CashInStep.AskAboutDeposit);
    }

    private string WhatFollowsExpiry()
    {
        if (CancelRequested)
            return "the journey ends as Cancelled unless cash was paid in";
        return MayRefreshUnasked ? "the code is refreshed" : "the code expires";
    }

    /// <summary>OMS cannot cancel a code (docs/oms-api.md 7): it has to run out, and cash may still come before it does.</summary>
    private void CancelWhenTheCodeRunsOut() => journey.Report.Set(status => status with { CancelRequested = true });

    /// <summary>
    /// The time is up, and OMS does not say whether cash came. Once nobody can say that for long, an operator has to look.
    /// </summary>
    private void ReportUnanswered(JourneyPhase phase, DateTimeOffset reviewAt, DateTimeOffset nextAsk)
    {
        if (Now < reviewAt)
        {
            journey.Report.Enter(phase, "OMS to say whether cash came in time", nextAsk, "OMS is asked again");
            return;
        }

        journey.Report.Set(status => status with { Reason = CashInReasons.DepositUnknown });
        journey.Report.Enter(JourneyPhase.NeedsReview, "an operator to say what became of the deposit, or OMS to answer", overdue: true);
    }

    private void BeginRefresh(bool automatic)
    {
        // One that was not answered is not asked for a second time: it is sent again when its pause is over.
        if (Progress.Refreshing is not null)
            return;

        Progress = Progress with
        {
            Step = CashInStep.Refresh,
            Round = Progress.Round + 1,
            AutomaticRounds = Progress.AutomaticRounds + (automatic ? 1 : 0),
            Refreshing = CashIn.Deposit.Code ?? "",
        };
    }

    private async Task RefreshAsync()
    {
        // While another call gets no answer, OMS is left alone: the refresh is sent when the pause is over, unless cash has come by then.
        if (!journey.MayAsk)
        {
            GoTo(CashInStep.AwaitDeposit);
            return;
        }

        var request = new RefreshCashInRequest(journey.InstanceId, CashIn.CashInId, Progress.Round) { ReceivedAt = Progress.ReceivedAt };
        var refreshed = await journey.TryAsync<CashInSnapshot>(nameof(CashInActivities.RefreshCashIn), request);
        if (refreshed.HasValue)
        {
            Progress = Progress with { Refreshing = null };
            journey.Report.Set(status => status with { Reason = null });
            Follow(refreshed.Value, CashInStep.AwaitDeposit);
            return;
        }

        if (refreshed.IsRefused)
        {
            Progress = Progress with { Refreshing = null };
            if (!refreshed.Refusal.IsConflict)
                RefreshIsRefused(refreshed.Refusal);
        }

        // Refused because cash came in between, refused for good, or not answered: how the cash-in stands is read before anything else is
        // done.
        GoTo(journey.MayAsk ? CashInStep.AskAboutDeposit : CashInStep.AwaitDeposit);
    }

    /// <summary>No fresh code is to be had, so the code has run out for good unless somebody asks again.</summary>
    private void RefreshIsRefused(Refusal refusal)
    {
        journey.Report.Set(status => status with { Reason = refusal.ToReason(CashInReasons.RefreshRefused) });
        Progress = Progress with { AutomaticRounds = Math.Max(Progress.AutomaticRounds, _options.MaxRefreshRounds) };
    }

    /// <summary>The grace time: a refresh revives the code, and late cash is still booked.</summary>
    private async Task AwaitRevivalAsync()
    {
        var graceEnds = Progress.GraceEnds ?? Now;
        var nextAsk = journey.NextAskAt(_options.DepositPoll, Progress.Since, LongestDepositPoll);
        if (Now < graceEnds)
            journey.Report.Enter(JourneyPhase.Expired, "a refresh command, or late cash", graceEnds, "the journey ends as Expired");
        else
            ReportUnanswered(JourneyPhase.Expired, graceEnds + _options.GraceTime, nextAsk);

        var signal = await journey.ReceiveAsync(Now < graceEnds ? Journey.Earlier(graceEnds, nextAsk) : nextAsk);
        if (journey.IsResolvedBy(signal))
            return;
        if (signal is { Command: CommandNames.Refresh })
            BeginRefresh(automatic: false);
        else if (signal.SaysCashWasTaken())
            CashWasTaken();
        else if (signal is { Command: CommandNames.Cancel })
            CancelAfterExpiry();
        else if (journey.MayAsk && !signal.IsNoNewsAfterExpiry() && (signal is not null || Now >= nextAsk || Now >= graceEnds))
            GoTo(CashInStep.AskAboutRevival);
    }

    private void CancelAfterExpiry()
    {
        CancelWhenTheCodeRunsOut();
        if (journey.MayAsk)
            GoTo(CashInStep.AskAboutRevival);
    }

    private void CashWasTaken()
    {
        journey.Report.Set(status => status with { MoneyMayMove = true });
        Progress = Progress with { CashTakenAt = Progress.CashTakenAt ?? Now, Refreshing = null };
        GoTo(CashInStep.AwaitSettlement);
    }

    /// <summary>
    /// Cash was taken: nothing is retried, nothing can be cancelled; wait, raise the alarm, then ask for an operator (docs/oms-api.md 12).
    /// </summary>
    private async Task AwaitSettlementAsync()
    {
        var takenAt = Progress.CashTakenAt ?? Now;
        var alarmAt = takenAt + _options.SettlementAlarm;
        var reviewAt = takenAt + _options.SettlementLimit;
        ReportSettlement(alarmAt, reviewAt);

        var nextAsk = journey.NextAskAt(_options.SettlementPoll, takenAt, LongestSettlementPoll);
        var nextLimit = journey.NextLimit(alarmAt, reviewAt);
        var signal = await journey.ReceiveAsync(Journey.Earlier(nextAsk, nextLimit));
        if (journey.IsResolvedBy(signal))
            return;
        if (journey.MayAsk && (signal.MayEndTheSettlement() || (signal is null && Now >= nextAsk)))
            GoTo(CashInStep.AskAboutSettlement);
    }

    private void ReportSettlement(DateTimeOffset alarmAt, DateTimeOffset reviewAt)
    {
        if (CashIn.Differences.Count > 0)
        {
            journey.Report.Set(status => status with { Reason = JourneyReasons.MoneyDiffers(CashIn.Differences) });
            journey.Report.Enter(
                JourneyPhase.NeedsReview, "an operator to compare the money, or OMS to correct it", overdue: Now >= alarmAt);
        }
        else if (Now >= reviewAt)
        {
            journey.Report.Enter(
                JourneyPhase.NeedsReview, "an operator to say what became of the money, or OMS to settle it", overdue: true);
        }
        else if (Now >= alarmAt)
        {
            const string late = "the conversion, which is late";
            journey.Report.Enter(JourneyPhase.AwaitingSettlement, late, reviewAt, "an operator has to look", overdue: true);
        }
        else
        {
            journey.Report.Enter(JourneyPhase.AwaitingSettlement, "the conversion to USDC", alarmAt, "the wait counts as overdue");
        }
    }

    /// <summary>Asks OMS how the cash-in stands; settled money is booked by the same call.</summary>
    /// <param name="from">The wait that goes on when there is no answer.</param>
    private async Task AskAsync(CashInStep from)
    {
        var request = new CashInOfJourney(journey.InstanceId, CashIn.CashInId, journey.Report.CustomerId, journey.Report.WalletId)
        {
            ReceivedAt = Progress.ReceivedAt,
        };
        var answer = await journey.TryAsync<CashInSnapshot>(
            nameof(CashInActivities.BookAndCloseIfSettled), request, endsSilence: Progress.Refreshing is null);
        if (answer.HasValue)
        {
            Follow(answer.Value, from);

            // A refresh that gets no answer is sent again at growing pauses, however well the reading between is answered.
            if (Progress.Refreshing is null && !journey.Report.Status.Ended)
                journey.Report.Heard(null);
            return;
        }

        // OMS made this cash-in: that it does not know it, or refuses to show it, is something a person has to look at.
        if (answer.IsRefused)
            journey.Report.Set(status => status with { Reason = answer.Refusal.ToReason(CashInReasons.CashInNotShown) });
        Progress = Progress with { Step = from };
    }

    /// <summary>Goes where the cash-in's state leads.</summary>
    private void Follow(CashInSnapshot cashIn, CashInStep from)
    {
        Progress = Progress with { CashIn = cashIn };
        ReportCashIn();
        switch (CashInDecisions.Decide(cashIn, Now))
        {
            // A webhook said that cash was taken, and what OMS answers may lag behind it: a code that looks unpaid is waited on.
            case CashInDecision.AwaitDeposit or CashInDecision.CodeRanOut when from == CashInStep.AwaitSettlement:
                Progress = Progress with { Step = CashInStep.AwaitSettlement };
                break;
            case CashInDecision.AwaitDeposit or CashInDecision.CodeRanOut when IsStillToRefresh(cashIn):
                Progress = Progress with { Step = CashInStep.Refresh };
                break;
            case CashInDecision.AwaitDeposit:
                Progress = Progress with { Refreshing = null, GraceEnds = null };
                GoTo(CashInStep.AwaitDeposit);
                break;
            case CashInDecision.CodeRanOut:
                Progress = Progress with { Refreshing = null };
                CodeRanOut();
                break;
            case CashInDecision.AwaitSettlement:
                CashWasTaken();
                break;
            default:
                End(CashInDecisions.Decide(cashIn, Now));
                break;
        }
    }

    /// <summary>A refresh was not answered, and the code is still the old one.</summary>
    private bool IsStillToRefresh(CashInSnapshot cashIn)
        => Progress.Refreshing is { } old && old == (cashIn.Deposit.Code ?? "") && !CancelRequested;

    private void CodeRanOut()
    {
        if (CancelRequested)
        {
            journey.Report.End(JourneyPhase.Cancelled, CashInReasons.Cancelled);
        }
        else if (MayRefreshUnasked)
        {
            BeginRefresh(automatic: true);
        }
        else if (Progress.GraceEnds is not { } graceEnds)
        {
            var ranOut = CashIn.Deposit.ExpiresAt is { } expiresAt ? Journey.Later(expiresAt, Now) : Now;
            Progress = Progress with { GraceEnds = ranOut + _options.GraceTime };
            GoTo(CashInStep.AwaitRevival);
        }
        else if (Now >= graceEnds)
        {
            journey.Report.End(JourneyPhase.Expired, CashInReasons.CodeExpired);
        }
        else
        {
            Progress = Progress with { Step = CashInStep.AwaitRevival };
        }
    }

    private void End(CashInDecision decision)
    {
        switch (decision)
        {
            case CashInDecision.Complete:
                journey.Report.Set(status => status with { Settlement = CashIn.Booked });
                journey.Report.End(JourneyPhase.Completed);
                break;
            case CashInDecision.YieldToOther:
                journey.Report.End(JourneyPhase.Failed, CashInReasons.BookedElsewhere);
                break;
            case CashInDecision.Fail:
                journey.Report.End(JourneyPhase.Failed, CashInReasons.DepositFailed(CashIn.SubStatus));
                break;
            default:
                journey.Report.End(JourneyPhase.Failed, CashInReasons.ConversionFailed(CashIn.SubStatus));
                break;
        }
    }

    /// <summary>Enters a step anew: its polls start close together.</summary>
    private void GoTo(CashInStep step) => Progress = Progress with
    {
        Step = step,
        Since = IsSameWait(step) ? Progress.Since : Now,
    };

    /// <summary>To ask and to wait on is one wait.</summary>
    private bool IsSameWait(CashInStep step)
        => step is CashInStep.AskAboutDeposit or CashInStep.AskAboutRevival or CashInStep.AskAboutSettlement
            || Progress.Step is CashInStep.AskAboutDeposit && step == CashInStep.AwaitDeposit && Progress.Refreshing is null;

    private void ReportCashIn() => journey.Report.Set(status => status with
    {
        Deposit = CashIn.Deposit with { Round = Progress.Round, MaxRounds = _options.MaxRefreshRounds },
        TransactionId = CashIn.TransactionId ?? status.TransactionId,
        PaidIn = CashIn.PaidIn ?? status.PaidIn,
        MoneyMayMove = status.MoneyMayMove || CashIn.TransactionId is not null,
        Reason = status.Reason is { Code: CashInReasons.DepositUnknownCode or JourneyReasons.MoneyDiffersCode } ? null : status.Reason,
    });
}
