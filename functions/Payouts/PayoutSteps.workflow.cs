using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Payouts;

/// <summary>The steps of a payout: a price that is confirmed before it runs out, then one execution, then the wait for the bank.</summary>
internal sealed class PayoutSteps(Journey journey, PayoutInput input) : IJourneyCourse
{
    private static readonly TimeSpan LongestPoll = TimeSpan.FromHours(6);

    private readonly PayoutOptions _options = input.Options;

    private PayoutProgress Progress { get; set; } = input.Progress ?? new() { Since = journey.Now };

    private DateTimeOffset Now => journey.Now;

    private QuoteState Quote => journey.Report.Status.Quote ?? throw new InvalidOperationException("The payout has no price yet.");

    private PayoutSnapshot Payout => Progress.Payout ?? throw new InvalidOperationException("The payout is not executed yet.");

    private DateTimeOffset AlarmAt => (Progress.SentAt ?? Now) + _options.Alarm;

    private DateTimeOffset ReviewAt => (Progress.SentAt ?? Now) + _options.Limit;

    /// <inheritdoc/>
    public object ToInput(JourneyMemory memory) => input with { Memory = memory, Progress = Progress };

    /// <inheritdoc/>
    public CloseRequest ToClose()
        => new(journey.InstanceId, journey.Report.Status.Payout is { } sent ? [sent.TransactionId] : []);

    /// <inheritdoc/>
    public Task TakeStepAsync() => Progress.Step switch
    {
        PayoutStep.Quote => QuoteAsync(),
        PayoutStep.AwaitConfirmation => AwaitConfirmationAsync(),
        PayoutStep.Execute => ExecuteAsync(),
        PayoutStep.AwaitLanding => AwaitLandingAsync(),
        PayoutStep.AskAboutLanding => AskAsync(),
        _ => throw new UnknownStepException(),
    };

    private async Task QuoteAsync()
    {
        var giveUpAt = Progress.Since + _options.Limit;
        journey.Report.Enter(JourneyPhase.Quoting, "OMS to price the payout", giveUpAt, "the journey ends as Failed");
        var request = new CreateQuoteRequest(journey.InstanceId, Progress.Round, input.Order);
        var asked = await journey.AskAsync<QuoteState>(nameof(PayoutActivities.CreateQuote), request, giveUpAt);
        if (asked.Answer is { IsRefused: true } refused)
        {
            journey.Report.End(JourneyPhase.Failed, refused.Refusal.ToReason(PayoutReasons.QuoteRefused));
        }
        else if (asked.Answer?.Value is { } quote)
        {
            journey.Report.Set(status => status with { Quote = quote with { MaxRounds = _options.MaxQuoteRounds }, Reason = null });
            if (await IsCancelledAsync())
                journey.Report.End(JourneyPhase.Cancelled, PayoutReasons.Cancelled);
            else
                GoTo(input.AutoConfirm && quote.Differences.Count == 0 ? PayoutStep.Execute : PayoutStep.AwaitConfirmation);
        }
        else if (asked.Signal is { Command: CommandNames.Cancel })
        {
            journey.Report.End(JourneyPhase.Cancelled, PayoutReasons.Cancelled);
        }
        else if (Now >= giveUpAt)
        {
            journey.Report.End(JourneyPhase.Failed, PayoutReasons.Unanswered);
        }
    }

    /// <summary>Whether a cancellation came while OMS priced: what nobody waits for would be read only after the execution.</summary>
    private async Task<bool> IsCancelledAsync()
    {
        while (await journey.ReceiveAsync(Now) is { } signal)
            if (signal.Command == CommandNames.Cancel)
                return true;
        return false;
    }

    private async Task AwaitConfirmationAsync()
    {
        var expiresAt = Quote.ExpiresAt ?? Progress.Since + _options.Poll;
        var then = Progress.Round < _options.MaxQuoteRounds ? "a new price is asked for" : "the journey ends as Expired";
        var awaiting = Quote.Differences.Count == 0
            ? "the caller to confirm the quote"
            : "a person to compare the quote with the order: they differ in the fields the quote names";
        journey.Report.Enter(JourneyPhase.AwaitingConfirmation, awaiting, expiresAt, then);
        switch (await journey.ReceiveAsync(expiresAt))
        {
            case { Command: CommandNames.Cancel }:
                journey.Report.End(JourneyPhase.Cancelled, PayoutReasons.Cancelled);
                break;
            case { Command: CommandNames.Confirm } confirm when confirm.Argument == Quote.Id:
                GoTo(PayoutStep.Execute);
                break;
            case null when Now >= expiresAt:
                QuoteRanOut();
                break;
            default:
                // A confirmation of an earlier price, which is no consent to this one.
                break;
        }
    }

    /// <summary>Nobody confirmed, or OMS says that the confirmation came too late: the price may be another by now.</summary>
    private void QuoteRanOut()
    {
        if (Progress.Round >= _options.MaxQuoteRounds)
        {
            journey.Report.End(JourneyPhase.Expired, PayoutReasons.QuoteExpired);
            return;
        }

        Progress = Progress with { Round = Progress.Round + 1, SentAt = null };
        GoTo(PayoutStep.Quote);
    }

    /// <summary>
    /// Executes the price. From the first try on nobody knows whether money moves until OMS answers, so it is tried until it does: the same
    /// quote is executed once, however often it is sent.
    /// </summary>
    private async Task ExecuteAsync()
    {
        Progress = Progress with { SentAt = Progress.SentAt ?? Now };
        ReportExecution();
        var request = new ExecutePayoutRequest(journey.InstanceId, input.Order.CustomerId, Quote.Id)
        {
            Send = Quote.Send,
            Receive = Quote.Receive,
        };
        var limit = Now < AlarmAt ? AlarmAt : ReviewAt;
        var asked = await journey.AskAsync<PayoutSnapshot>(
            nameof(PayoutActivities.ExecutePayout), request, Now < limit ? limit : DateTimeOffset.MaxValue);
        if (asked.Answer?.Value is { } executed)
        {
            journey.Mailbox.Add(executed.Signals);
            GoTo(PayoutStep.AwaitLanding);
            Follow(executed with { Signals = [] });
        }
        else if (asked.Answer is { IsRefused: true, Refusal.Code: PayoutReasons.QuoteExpiredCode })
        {
            journey.Report.Set(status => status with { MoneyMayMove = false });
            QuoteRanOut();
        }
        else if (asked.Answer is { IsRefused: true } refused)
        {
            journey.Report.Set(status => status with { MoneyMayMove = false });
            journey.Report.End(JourneyPhase.Failed, refused.Refusal.ToReason(PayoutReasons.ExecutionRefused));
        }
        else
        {
            journey.IsResolvedBy(asked.Signal);
        }
    }

    private void ReportExecution()
    {
        journey.Report.Set(status => status with { MoneyMayMove = true });
        if (Now >= ReviewAt)
            journey.Report.Enter(JourneyPhase.NeedsReview, "an operator to say whether money moved, or OMS to answer", overdue: true);
        else
            journey.Report.Enter(
                JourneyPhase.ExecutingPayout, "OMS to execute the payout", ReviewAt, "an operator has to look", Now >= AlarmAt);
    }

    /// <summary>
    /// Money is on its way: nothing is repeated, nothing can be cancelled; wait, raise the alarm, then ask for an operator.
    /// </summary>
    private async Task AwaitLandingAsync()
    {
        ReportLanding();
        var nextAsk = journey.NextAskAt(_options.Poll, Progress.SentAt ?? Now, LongestPoll);
        var signal = await journey.ReceiveAsync(Journey.Earlier(nextAsk, journey.NextLimit(AlarmAt, ReviewAt)));
        if (journey.IsResolvedBy(signal))
            return;
        if (journey.MayAsk && (signal is { Command: null } || (signal is null && Now >= nextAsk)))
            Progress = Progress with { Step = PayoutStep.AskAboutLanding };
    }

    private void ReportLanding()
    {
        if (Payout.Differences.Count > 0)
        {
            journey.Report.Set(status => status with { Reason = JourneyReasons.MoneyDiffers(Payout.Differences) });
            journey.Report.Enter(
                JourneyPhase.NeedsReview, "an operator to compare the money, or OMS to correct it", overdue: Now >= AlarmAt);
        }
        else if (Now >= ReviewAt)
        {
            journey.Report.Enter(JourneyPhase.NeedsReview, "an operator to say what became of the money, or OMS to finish", overdue: true);
        }
        else if (Now >= AlarmAt)
        {
            journey.Report.Enter(
                JourneyPhase.AwaitingPayout, "the bank transfer, which is late", ReviewAt, "an operator has to look", overdue: true);
        }
        else
        {
            journey.Report.Enter(JourneyPhase.AwaitingPayout, "the bank transfer", AlarmAt, "the wait counts as overdue");
        }
    }

    private async Task AskAsync()
    {
        var request = new PayoutOfJourney(
            Payout.Payout.TransactionId,
            new(journey.InstanceId, input.Order.CustomerId, Quote.Id) { Send = Quote.Send, Receive = Quote.Receive });
        var answer = await journey.TryAsync<PayoutSnapshot>(nameof(PayoutActivities.ReadPayout), request);
        if (answer.IsRefused)
            journey.Report.Set(status => status with { Reason = answer.Refusal.ToReason(PayoutReasons.PayoutNotShown) });
        Progress = Progress with { Step = PayoutStep.AwaitLanding };
        if (answer.HasValue)
            Follow(answer.Value);
    }

    private void Follow(PayoutSnapshot payout)
    {
        Progress = Progress with { Payout = payout };
        journey.Report.Set(status => status with
        {
            Payout = payout.Payout,
            Reason = status.Reason is { Code: JourneyReasons.MoneyDiffersCode } ? null : status.Reason,
        });
        if (payout.Status == TransactionStatus.Completed && payout.Differences.Count == 0)
            journey.Report.End(JourneyPhase.Completed);
        if (payout.Status == TransactionStatus.Failed)
            journey.Report.End(JourneyPhase.Failed, PayoutReasons.NotDelivered(payout.ErrorCode));
    }

    private void GoTo(PayoutStep step) => Progress = Progress with { Step = step, Since = Now };
}
