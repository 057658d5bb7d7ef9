using Microsoft.DurableTask;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.CashIns;

/// <summary>
/// A cash-in from its deposit code to the end: wake up, ask OMS, decide. Whatever woke it is a hint; OMS's answer decides
/// (docs/decisions/0004-one-mailbox.md).
/// </summary>
internal sealed class CashInSteps(
    TaskOrchestrationContext context, Mailbox mailbox, JourneyReport report, CashInOptions options, CashInSnapshot cashIn)
{
    private CashInSnapshot _cashIn = cashIn;
    private int _round;
    private bool _cancelRequested;
    private DateTimeOffset? _cashTakenAt;

    /// <summary>Whether the activity that booked the money has closed the journey.</summary>
    public bool IsClosed => _cashIn.Closed;

    private DateTimeOffset Now => context.CurrentUtcDateTime;

    private bool MayRefreshUnasked => _round < options.MaxRefreshRounds;

    /// <summary>Runs to the end.</summary>
    public async Task<JourneyStatus> RunAsync()
    {
        ReportDeposit();
        var decision = CashInDecisions.Decide(_cashIn, Now);
        while (true)
        {
            switch (decision)
            {
                case CashInDecision.AwaitDeposit:
                    decision = await AwaitDepositAsync();
                    break;
                case CashInDecision.CodeRanOut when _cancelRequested:
                    return report.End(JourneyPhase.Cancelled, CashInReasons.Cancelled);
                case CashInDecision.CodeRanOut when MayRefreshUnasked:
                    decision = await RefreshAsync();
                    break;
                case CashInDecision.CodeRanOut:
                    decision = await AwaitRevivalAsync();
                    break;
                case CashInDecision.AwaitSettlement:
                    decision = await AwaitSettlementAsync();
                    break;
                case CashInDecision.Complete:
                    report.Set(status => status with { Settlement = _cashIn.Booked });
                    return report.End(JourneyPhase.Completed);
                case CashInDecision.Expire:
                    return report.End(JourneyPhase.Expired, CashInReasons.CodeExpired);
                case CashInDecision.YieldToOther:
                    return report.End(JourneyPhase.Failed, CashInReasons.BookedElsewhere);
                case CashInDecision.Resolved:
                    return report.End(JourneyPhase.Failed, CashInReasons.ResolvedByOperator);
                case CashInDecision.Fail:
                    return report.End(JourneyPhase.Failed, CashInReasons.DepositFailed(_cashIn.SubStatus));
                default:
                    return report.End(JourneyPhase.Failed, CashInReasons.ConversionFailed(_cashIn.SubStatus));
            }
        }
    }

    /// <summary>The code is out: the timer of its expiry is raced against cash, commands and the poll.</summary>
    private async Task<CashInDecision> AwaitDepositAsync()
    {
        var expiresAt = _cashIn.Deposit.ExpiresAt ?? Now + options.DepositPoll;
        report.Enter(JourneyPhase.AwaitingDeposit, "cash on the deposit code", expiresAt, WhatFollowsExpiry());

        var signal = await mailbox.ReceiveAsync(Earlier(expiresAt, Now + options.DepositPoll));
        if (signal is { Command: CommandNames.Cancel })
            return CancelWhenTheCodeRunsOut();
        if (signal is { Command: CommandNames.Refresh } && !_cancelRequested)
            return await RefreshAsync();
        if (signal.SaysCashWasTaken())
            return CashInDecision.AwaitSettlement;
        return signal is null || signal.MayEndTheDeposit() ? await AskAsync() : CashInDecision.AwaitDeposit;
    }

    private string WhatFollowsExpiry()
    {
        if (_cancelRequested)
            return "the journey ends as Cancelled unless cash was paid in";
        return MayRefreshUnasked ? "the code is refreshed" : "the code expires";
    }

    /// <summary>OMS cannot cancel a code (OMS API 7): it has to run out, and cash may still come before it does.</summary>
    private CashInDecision CancelWhenTheCodeRunsOut()
    {
        _cancelRequested = true;
        report.Set(status => status with { CancelRequested = true });
        return CashInDecision.AwaitDeposit;
    }

    private async Task<CashInDecision> RefreshAsync()
    {
        _round++;
        var request = new RefreshCashInRequest(context.InstanceId, _cashIn.CashInId, _round);
        var refreshed = await context.CallActivityAsync<OmsAnswer<CashInSnapshot>>(
            nameof(CashInActivities.RefreshCashIn), request, JourneyRetry.UntilItWorks);
        if (refreshed.HasValue)
            return Decide(refreshed.Value);
        if (refreshed.Refusal.IsConflict)
            return await AskAsync();

        // No fresh code is to be had, so the code has run out for good unless somebody asks again.
        report.Set(status => status with { Reason = refreshed.Refusal.ToReason(CashInReasons.RefreshRefused) });
        _round = Math.Max(_round, options.MaxRefreshRounds);
        return await AskAsync();
    }

    /// <summary>The grace time: a refresh revives the code, and late cash is still booked.</summary>
    private async Task<CashInDecision> AwaitRevivalAsync()
    {
        var graceEnds = Later(_cashIn.Deposit.ExpiresAt, Now) + options.GraceTime;
        report.Enter(JourneyPhase.Expired, "a refresh command, or late cash", graceEnds, "the journey ends as Expired");
        while (true)
        {
            var signal = await mailbox.ReceiveAsync(Earlier(graceEnds, Now + options.DepositPoll));
            if (signal is { Command: CommandNames.Refresh })
                return await RefreshAsync();
            if (signal.SaysCashWasTaken())
                return CashInDecision.AwaitSettlement;
            if (signal.IsNoNewsAfterExpiry())
                continue;

            _cancelRequested |= signal is { Command: CommandNames.Cancel };
            var decision = await AskAsync();
            if (decision != CashInDecision.CodeRanOut || _cancelRequested)
                return decision;
            if (Now >= graceEnds)
                return CashInDecision.Expire;
        }
    }

    /// <summary>
    /// Cash was taken: nothing is retried, nothing can be cancelled; wait, raise the alarm, then ask for an operator (OMS API 12.10).
    /// </summary>
    private async Task<CashInDecision> AwaitSettlementAsync()
    {
        _cashTakenAt ??= Now;
        var alarmAt = _cashTakenAt.Value + options.SettlementAlarm;
        ReportSettlement(alarmAt, reviewAt: _cashTakenAt.Value + options.SettlementLimit);

        var nextPoll = Now + options.SettlementPoll;
        var signal = await mailbox.ReceiveAsync(Now < alarmAt ? Earlier(nextPoll, alarmAt) : nextPoll);
        if (signal is { Command: CommandNames.Resolve } && report.Status.Phase == JourneyPhase.NeedsReview)
            return CashInDecision.Resolved;
        if (signal is not null && !signal.MayEndTheSettlement())
            return CashInDecision.AwaitSettlement;

        // A webhook said that cash was taken, and what OMS answers may lag behind it: a code that looks unpaid is waited on, not refreshed.
        var decision = await AskAsync();
        return decision is CashInDecision.AwaitDeposit or CashInDecision.CodeRanOut ? CashInDecision.AwaitSettlement : decision;
    }

    private void ReportSettlement(DateTimeOffset alarmAt, DateTimeOffset reviewAt)
    {
        if (Now >= reviewAt)
            report.Enter(JourneyPhase.NeedsReview, "an operator to say what became of the money, or OMS to settle it");
        else if (Now >= alarmAt)
            report.Enter(JourneyPhase.AwaitingSettlement, "the conversion, which is late", reviewAt, "an operator has to look");
        else
            report.Enter(JourneyPhase.AwaitingSettlement, "the conversion to USDC", alarmAt, "the wait counts as overdue");
        report.Set(status => status with { Overdue = Now >= alarmAt });
    }

    /// <summary>Asks OMS how the cash-in stands; settled money is booked by the same call.</summary>
    private async Task<CashInDecision> AskAsync()
    {
        var request = new CashInOfJourney(context.InstanceId, _cashIn.CashInId, report.CustomerId);
        return Decide(await context.CallActivityAsync<CashInSnapshot>(
            nameof(CashInActivities.BookAndCloseIfSettled), request, JourneyRetry.UntilItWorks));
    }

    private CashInDecision Decide(CashInSnapshot cashIn)
    {
        _cashIn = cashIn;
        ReportDeposit();
        return CashInDecisions.Decide(cashIn, Now);
    }

    private void ReportDeposit()
        => report.Set(status => status with { Deposit = _cashIn.Deposit with { Round = _round, MaxRounds = options.MaxRefreshRounds } });

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset? a, DateTimeOffset b) => a > b ? a.Value : b;
}
