using Microsoft.DurableTask;
using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Payouts;

/// <summary>The steps of a payout: a price that is confirmed before it runs out, then one execution, then the wait for the bank.</summary>
internal sealed class PayoutSteps(TaskOrchestrationContext context, Mailbox mailbox, JourneyReport report, PayoutInput input)
{
    private readonly PayoutOptions _options = input.Options;

    private enum Consent
    {
        Missing = 0,
        Given,
        Cancelled,
    }

    private DateTimeOffset Now => context.CurrentUtcDateTime;

    /// <summary>Runs to the end.</summary>
    public async Task<JourneyStatus> RunAsync()
    {
        for (var round = 1; round <= _options.MaxQuoteRounds; round++)
        {
            if (await QuoteAsync(round) is not { } quote)
                return report.Status;
            switch (input.AutoConfirm ? Consent.Given : await AwaitConfirmationAsync(quote, round))
            {
                case Consent.Cancelled:
                    return report.End(JourneyPhase.Cancelled, PayoutReasons.Cancelled);
                case Consent.Given when await ExecuteAsync(quote) is { } ended:
                    return ended;
                default:
                    // Nobody confirmed, or OMS says that the confirmation came too late: the price may be another by now.
                    break;
            }
        }

        return report.End(JourneyPhase.Expired, PayoutReasons.QuoteExpired);
    }

    /// <summary>Asks for a price. The result is null when OMS refused, and then the journey has ended.</summary>
    private async Task<QuoteState?> QuoteAsync(int round)
    {
        report.Enter(JourneyPhase.Quoting, "OMS to price the payout");
        var request = new CreateQuoteRequest(context.InstanceId, round, input.Order);
        var priced = await context.CallActivityAsync<OmsAnswer<QuoteState>>(
            nameof(PayoutActivities.CreateQuote), request, JourneyRetry.UntilItWorks);
        if (!priced.HasValue)
        {
            report.End(JourneyPhase.Failed, priced.Refusal.ToReason(PayoutReasons.QuoteRefused));
            return null;
        }

        var quote = priced.Value with { MaxRounds = _options.MaxQuoteRounds };
        report.Set(status => status with { Quote = quote });
        return quote;
    }

    private async Task<Consent> AwaitConfirmationAsync(QuoteState quote, int round)
    {
        var expiresAt = quote.ExpiresAt ?? Now + _options.Poll;
        var then = round < _options.MaxQuoteRounds ? "a new price is asked for" : "the journey ends as Expired";
        report.Enter(JourneyPhase.AwaitingConfirmation, "the caller to confirm the quote", expiresAt, then);
        while (true)
        {
            switch (await mailbox.ReceiveAsync(expiresAt))
            {
                case null:
                    return Consent.Missing;
                case { Command: CommandNames.Cancel }:
                    return Consent.Cancelled;
                case { Command: CommandNames.Confirm } confirm when confirm.Argument == quote.Id:
                    return Consent.Given;
                default:
                    // A confirmation of an earlier price, which is no consent to this one.
                    break;
            }
        }
    }

    /// <summary>Executes the quote and follows it to its end. The result is null when OMS says that the quote ran out.</summary>
    private async Task<JourneyStatus?> ExecuteAsync(QuoteState quote)
    {
        report.Enter(JourneyPhase.ExecutingPayout, "OMS to execute the payout");
        var request = new ExecutePayoutRequest(context.InstanceId, input.Order.CustomerId, quote.Id);
        var executed = await context.CallActivityAsync<OmsAnswer<PayoutSnapshot>>(
            nameof(PayoutActivities.ExecutePayout), request, JourneyRetry.UntilItWorks);
        if (executed.HasValue)
        {
            mailbox.Add(executed.Value.Signals);
            return await AwaitLandingAsync(executed.Value);
        }

        return executed.Refusal.Code == PayoutReasons.QuoteExpiredCode
            ? null
            : report.End(JourneyPhase.Failed, executed.Refusal.ToReason(PayoutReasons.ExecutionRefused));
    }

    /// <summary>Money is on its way: nothing is repeated, nothing can be cancelled; wait, raise the alarm, then ask for an operator.</summary>
    private async Task<JourneyStatus> AwaitLandingAsync(PayoutSnapshot payout)
    {
        var alarmAt = Now + _options.Alarm;
        var reviewAt = Now + _options.Limit;
        while (true)
        {
            report.Set(status => status with { Payout = payout.Payout });
            if (payout.Status == TransactionStatus.Completed)
                return report.End(JourneyPhase.Completed);
            if (payout.Status == TransactionStatus.Failed)
                return report.End(JourneyPhase.Failed, PayoutReasons.NotDelivered(payout.ErrorCode));

            ReportLanding(alarmAt, reviewAt);
            var nextPoll = Now + _options.Poll;
            var signal = await mailbox.ReceiveAsync(Now < alarmAt && alarmAt < nextPoll ? alarmAt : nextPoll);
            if (signal is { Command: CommandNames.Resolve } && report.Status.Phase == JourneyPhase.NeedsReview)
                return report.End(JourneyPhase.Failed, PayoutReasons.ResolvedByOperator);
            if (signal is null or { Command: null })
            {
                payout = await context.CallActivityAsync<PayoutSnapshot>(
                    nameof(PayoutActivities.ReadPayout), payout.Payout.TransactionId, JourneyRetry.UntilItWorks);
            }
        }
    }

    private void ReportLanding(DateTimeOffset alarmAt, DateTimeOffset reviewAt)
    {
        if (Now >= reviewAt)
            report.Enter(JourneyPhase.NeedsReview, "an operator to say what became of the money, or OMS to finish");
        else if (Now >= alarmAt)
            report.Enter(JourneyPhase.AwaitingPayout, "the bank transfer, which is late", reviewAt, "an operator has to look");
        else
            report.Enter(JourneyPhase.AwaitingPayout, "the bank transfer", alarmAt, "the wait counts as overdue");
        report.Set(status => status with { Overdue = Now >= alarmAt });
    }
}
