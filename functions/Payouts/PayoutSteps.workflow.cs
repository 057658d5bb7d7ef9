using Microsoft.DurableTask;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Payouts;

/// <summary>The steps of a payout: a price that is confirmed before it runs out, then one execution, then the wait for the bank.</summary>
internal sealed class PayoutSteps(TaskOrchestrationContext context, Mailbox mailbox, JourneyReport report, PayoutInput input)
{
    private readonly PayoutPolicy _policy = input.Policy;

    private DateTimeOffset Now => context.CurrentUtcDateTime;

    /// <summary>Runs to the end.</summary>
    public async Task<JourneyStatus> RunAsync()
    {
        for (var round = 1; round <= _policy.MaxQuoteRounds; round++)
        {
            if (await QuoteAsync(round) is { } refused)
                return refused;
            switch (input.AutoConfirm ? Answer.Confirmed : await AwaitConfirmationAsync(round))
            {
                case Answer.Cancelled:
                    return report.End(JourneyPhase.Cancelled, new("cancelled", "Cancelled before the payout was executed. No money moved."));
                case Answer.Confirmed when await ExecuteAsync() is { } ended:
                    return ended;
                default:
                    // Nobody confirmed, or OMS says that the confirmation came too late: the price may be another by now.
                    break;
            }
        }

        return report.End(JourneyPhase.Expired, new("quote_expired", "Nobody confirmed a price before it ran out. No money moved. Start again for a new price."));
    }

    private async Task<JourneyStatus?> QuoteAsync(int round)
    {
        report.Enter(JourneyPhase.Quoting, "OMS to price the payout");
        var result = await context.CallActivityAsync<QuoteResult>(
            nameof(PayoutActivities.CreateQuote), new CreateQuoteRequest(context.InstanceId, round, input.Order), JourneyRetry.UntilItWorks);
        if (result.Quote is not { } quote)
            return report.End(JourneyPhase.Failed, result.Refusal!.ToReason("OMS refused to price the payout. No money moved. Correct the request and start again with a new Idempotency-Key."));

        report.Set(status => status with { Quote = quote with { MaxRounds = _policy.MaxQuoteRounds } });
        return null;
    }

    private async Task<Answer> AwaitConfirmationAsync(int round)
    {
        var quote = report.Status.Quote!;
        var expiresAt = quote.ExpiresAt ?? Now + _policy.Poll;
        report.Enter(
            JourneyPhase.AwaitingConfirmation, "the caller to confirm the quote", expiresAt, round < _policy.MaxQuoteRounds ? "a new price is asked for" : "the journey ends as Expired");
        while (true)
        {
            switch (await mailbox.ReceiveAsync(expiresAt))
            {
                case null:
                    return Answer.Expired;
                case { Kind: SignalKind.Cancel }:
                    return Answer.Cancelled;
                case { Kind: SignalKind.Confirm } confirm when confirm.Argument == quote.Id:
                    return Answer.Confirmed;
                default:
                    // A confirmation of an earlier price, which is no consent to this one.
                    break;
            }
        }
    }

    /// <summary>Executes the quote and follows it to its end. The result is <see langword="null"/> when OMS says that the quote ran out.</summary>
    private async Task<JourneyStatus?> ExecuteAsync()
    {
        report.Enter(JourneyPhase.ExecutingPayout, "OMS to execute the payout");
        var request = new ExecutePayoutRequest(context.InstanceId, input.Order.CustomerId, report.Status.Quote!.Id);
        var result = await context.CallActivityAsync<PayoutResult>(nameof(PayoutActivities.ExecutePayout), request, JourneyRetry.UntilItWorks);
        if (result.Payout is { } payout)
        {
            mailbox.Add(payout.Signals);
            return await AwaitLandingAsync(payout);
        }

        return result.Refusal!.Code == QuoteExpired
            ? null
            : report.End(JourneyPhase.Failed, result.Refusal.ToReason("OMS refused to execute the payout. No money moved. The code and fields say why."));
    }

    /// <summary>Money is on its way: nothing is repeated, nothing can be cancelled; wait, raise the alarm, then ask for an operator.</summary>
    private async Task<JourneyStatus> AwaitLandingAsync(PayoutSnapshot payout)
    {
        var alarmAt = Now + _policy.Alarm;
        var reviewAt = Now + _policy.Limit;
        while (true)
        {
            report.Set(status => status with { Payout = payout.Payout });
            if (payout.Status == TransactionStatus.Completed)
                return report.End(JourneyPhase.Completed);
            if (payout.Status == TransactionStatus.Failed)
                return report.End(JourneyPhase.Failed, new(payout.ErrorCode ?? "payout_failed", "OMS could not deliver the payout. Check the wallet's balance: what did not arrive goes back to it."));

            if (Now >= reviewAt)
                report.Enter(JourneyPhase.NeedsReview, "an operator to say what became of the money, or OMS to finish");
            else if (Now >= alarmAt)
                report.Enter(JourneyPhase.AwaitingPayout, "the bank transfer, which is late", reviewAt, "an operator has to look");
            else
                report.Enter(JourneyPhase.AwaitingPayout, "the bank transfer", alarmAt, "the wait counts as overdue");
            report.Set(status => status with { Overdue = Now >= alarmAt });

            var wakeAt = Now + _policy.Poll;
            if (Now < alarmAt && alarmAt < wakeAt)
                wakeAt = alarmAt;
            var signal = await mailbox.ReceiveAsync(wakeAt);
            if (signal is { Kind: SignalKind.Resolve } && report.Status.Phase == JourneyPhase.NeedsReview)
                return report.End(JourneyPhase.Failed, new("resolved_by_operator", "An operator closed the journey."));
            if (signal is null or { Kind: SignalKind.Webhook })
                payout = await context.CallActivityAsync<PayoutSnapshot>(nameof(PayoutActivities.CheckPayout), payout.Payout.TransactionId, JourneyRetry.UntilItWorks);
        }
    }

    /// <summary>OMS's word for a price that ran out (OMS API 3.3).</summary>
    private const string QuoteExpired = "quote_expired";

    private enum Answer
    {
        Expired = 0,
        Confirmed,
        Cancelled,
    }
}
