using Microsoft.DurableTask;
using OmsWorkflows.Journeys;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.CashIns;

/// <summary>A cash-in from the deposit code to the end: wake up, ask OMS, decide. Whatever woke it is a hint; OMS's answer decides (DESIGN 4.2).</summary>
internal sealed class CashInSteps(TaskOrchestrationContext context, Mailbox mailbox, JourneyReport report, CashInInput input)
{
    private readonly CashInPolicy _policy = input.Policy;
    private CashInSnapshot _cashIn = null!;
    private int _round;
    private bool _cancelRequested;
    private DateTimeOffset _cashTakenAt;

    private DateTimeOffset Now => context.CurrentUtcDateTime;

    /// <summary>Runs to the end.</summary>
    public async Task<JourneyStatus> RunAsync()
    {
        if (await CreateAsync() is { } refused)
            return refused;

        var decision = CashInDecisions.Decide(_cashIn, Now);
        while (true)
        {
            switch (decision)
            {
                case CashInDecision.AwaitDeposit:
                    decision = await AwaitDepositAsync();
                    break;
                case CashInDecision.CodeRanOut when _cancelRequested:
                    return report.End(JourneyPhase.Cancelled, new("cancelled", "Cancelled. The deposit code ran out and nothing was paid in."));
                case CashInDecision.CodeRanOut when _round < _policy.MaxRefreshRounds:
                    decision = await RefreshAsync();
                    break;
                case CashInDecision.CodeRanOut:
                    if (await AwaitRevivalAsync() is not { } revived)
                        return report.End(JourneyPhase.Expired, new("code_expired", "Nothing was paid in before the last deposit code ran out. Start again for a new code."));
                    decision = revived;
                    break;
                case CashInDecision.AwaitSettlement:
                    decision = await AwaitSettlementAsync();
                    break;
                case CashInDecision.Complete:
                    report.Set(status => status with { Settlement = _cashIn.Booked });
                    return report.End(JourneyPhase.Completed);
                case CashInDecision.YieldToOther:
                    return report.End(JourneyPhase.Failed, new("booked_elsewhere", "The settlement is in the ledger already, for another journey or handled by an operator. Nothing was booked twice."));
                case CashInDecision.Resolved:
                    return report.End(JourneyPhase.Failed, new("resolved_by_operator", "An operator closed the journey. Should the money still settle, it appears as an unclaimed settlement."));
                case CashInDecision.Fail:
                    return report.End(JourneyPhase.Failed, new(_cashIn.SubStatus ?? "cash_in_failed", "The till refused or reversed the deposit. No money was taken."));
                default:
                    return report.End(JourneyPhase.Failed, new(_cashIn.SubStatus ?? "conversion_failed", "Cash was taken but the conversion failed. Ask OMS support about the refund, with the transaction's id."));
            }
        }
    }

    private async Task<JourneyStatus?> CreateAsync()
    {
        report.Enter(JourneyPhase.CreatingCashIn, "OMS to make the deposit code");
        var request = new CreateCashInRequest(context.InstanceId, report.Status.CustomerId!, report.Status.Wallet!.Id, input.IndicatedAmount);
        var result = await context.CallActivityAsync<CashInResult>(nameof(CashInActivities.CreateCashIn), request, JourneyRetry.UntilItWorks);
        if (result.CashIn is not { } cashIn)
            return report.End(JourneyPhase.Failed, result.Refusal!.ToReason("OMS refused to make a deposit code. The code and fields say why; correct the request and start again with a new Idempotency-Key."));

        See(cashIn);
        mailbox.Add(cashIn.Signals);
        report.Set(status => status with { CashInId = cashIn.CashInId });
        return null;
    }

    private async Task<CashInDecision> AwaitDepositAsync()
    {
        var expiresAt = _cashIn.Deposit.ExpiresAt ?? Now + _policy.DepositPoll;
        var then = _cancelRequested ? "the journey ends as Cancelled unless cash was paid in"
            : _round < _policy.MaxRefreshRounds ? "the code is refreshed"
            : "the code expires";
        report.Enter(JourneyPhase.AwaitingDeposit, "cash on the deposit code", expiresAt, then);

        var signal = await mailbox.ReceiveAsync(Earlier(expiresAt, Now + _policy.DepositPoll));
        switch (signal)
        {
            case { Kind: SignalKind.Cancel }:
                // OMS cannot cancel a code (OMS API 7): it has to run out, and cash may still come before it does.
                _cancelRequested = true;
                report.Set(status => status with { CancelRequested = true });
                return CashInDecision.AwaitDeposit;
            case { Kind: SignalKind.Refresh } when !_cancelRequested:
                return await RefreshAsync();
            case { Event: SignalEvent.TransactionProcessing }:
                return CashInDecision.AwaitSettlement;
            case null or { Event: SignalEvent.CashInExpired or SignalEvent.CashInCompleted or SignalEvent.CashInChanged or SignalEvent.TransactionCompleted or SignalEvent.TransactionFailed }:
                return await CheckAsync();
            default:
                return CashInDecision.AwaitDeposit;
        }
    }

    private async Task<CashInDecision> RefreshAsync()
    {
        _round++;
        var request = new RefreshCashInRequest(context.InstanceId, _cashIn.CashInId, _round);
        var result = await context.CallActivityAsync<CashInResult>(nameof(CashInActivities.RefreshCashIn), request, JourneyRetry.UntilItWorks);
        if (result.CashIn is { } refreshed)
        {
            See(refreshed);
            return CashInDecisions.Decide(_cashIn, Now);
        }

        if (result.Refusal!.IsConflict)
            return await CheckAsync();

        // No fresh code is to be had, so the code has run out for good unless somebody asks again.
        report.Set(status => status with { Reason = result.Refusal.ToReason("OMS refused to refresh the deposit code.") });
        _round = Math.Max(_round, _policy.MaxRefreshRounds);
        return await CheckAsync();
    }

    /// <summary>The grace time: a refresh revives the code, late cash is still booked. The result is <see langword="null"/> when it is over.</summary>
    private async Task<CashInDecision?> AwaitRevivalAsync()
    {
        var graceEnds = Later(_cashIn.Deposit.ExpiresAt, Now) + _policy.GraceTime;
        report.Enter(JourneyPhase.Expired, "a refresh command, or late cash", graceEnds, "the journey ends as Expired");
        while (true)
        {
            var signal = await mailbox.ReceiveAsync(Earlier(graceEnds, Now + _policy.DepositPoll));
            if (signal is { Kind: SignalKind.Refresh })
                return await RefreshAsync();
            if (signal is { Event: SignalEvent.TransactionProcessing })
                return CashInDecision.AwaitSettlement;
            if (signal is { Kind: SignalKind.Webhook, Event: SignalEvent.CashInCreated or SignalEvent.CashInExpired or SignalEvent.Unknown })
                continue;

            _cancelRequested |= signal is { Kind: SignalKind.Cancel };
            var decision = await CheckAsync();
            if (decision != CashInDecision.CodeRanOut || _cancelRequested)
                return decision;
            if (Now >= graceEnds)
                return null;
        }
    }

    /// <summary>Cash was taken: nothing is retried, nothing can be cancelled; wait, raise the alarm, then ask for an operator (OMS API 12.10).</summary>
    private async Task<CashInDecision> AwaitSettlementAsync()
    {
        if (_cashTakenAt == default)
            _cashTakenAt = Now;
        var alarmAt = _cashTakenAt + _policy.SettlementAlarm;
        var reviewAt = _cashTakenAt + _policy.SettlementLimit;
        if (Now >= reviewAt)
            report.Enter(JourneyPhase.NeedsReview, "an operator to say what became of the money, or OMS to settle it");
        else if (Now >= alarmAt)
            report.Enter(JourneyPhase.AwaitingSettlement, "the conversion, which is late", reviewAt, "an operator has to look");
        else
            report.Enter(JourneyPhase.AwaitingSettlement, "the conversion to USDC", alarmAt, "the wait counts as overdue");
        report.Set(status => status with { Overdue = Now >= alarmAt });

        var wakeAt = Now + _policy.SettlementPoll;
        if (Now < alarmAt)
            wakeAt = Earlier(wakeAt, alarmAt);
        var signal = await mailbox.ReceiveAsync(wakeAt);
        return signal switch
        {
            { Kind: SignalKind.Resolve } when report.Status.Phase == JourneyPhase.NeedsReview => CashInDecision.Resolved,
            null or { Event: SignalEvent.CashInCompleted or SignalEvent.CashInChanged or SignalEvent.TransactionCompleted or SignalEvent.TransactionFailed } => await CheckSettlementAsync(),
            _ => CashInDecision.AwaitSettlement,
        };
    }

    /// <summary>A webhook said that cash was taken. OMS's GET may lag behind it, so a code that looks unpaid is waited on, not refreshed.</summary>
    private async Task<CashInDecision> CheckSettlementAsync()
    {
        var decision = await CheckAsync();
        return decision is CashInDecision.AwaitDeposit or CashInDecision.CodeRanOut ? CashInDecision.AwaitSettlement : decision;
    }

    private async Task<CashInDecision> CheckAsync()
    {
        var request = new CheckCashInRequest(context.InstanceId, _cashIn.CashInId, report.Status.CustomerId!);
        See(await context.CallActivityAsync<CashInSnapshot>(nameof(CashInActivities.CheckCashIn), request, JourneyRetry.UntilItWorks));
        return CashInDecisions.Decide(_cashIn, Now);
    }

    private void See(CashInSnapshot cashIn)
    {
        _cashIn = cashIn;
        report.Set(status => status with { Deposit = cashIn.Deposit with { Round = _round, MaxRounds = _policy.MaxRefreshRounds } });
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Later(DateTimeOffset? a, DateTimeOffset b) => a > b ? a.Value : b;
}
