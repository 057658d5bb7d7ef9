using OmsWorkflows.Journeys;
using OmsWorkflows.Oms;
using OmsWorkflows.Webhooks;

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

    /// <summary>Cash that lies ready; null when none does.</summary>
    private PickupState? Pickup => Progress.Payout is { Status: TransactionStatus.CashPickupReady } payout ? payout.Payout.Pickup : null;

    /// <summary>Cash may lie there until it expires; only then does the wait begin to be long.</summary>
    private DateTimeOffset LongFrom => Pickup?.ExpiresAt ?? Progress.SentAt ?? Now;

    private DateTimeOffset AlarmAt => LongFrom + _options.Alarm;

    private DateTimeOffset ReviewAt => LongFrom + _options.Limit;

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
        PayoutStep.AskAboutLanding => AskAsync(PayoutStep.AwaitLanding),
        PayoutStep.AwaitReturn => AwaitReturnAsync(),
        PayoutStep.AskAboutReturn => AskAsync(PayoutStep.AwaitReturn),
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
            journey.Report.End(JourneyPhase.Failed, PayoutReasons.QuoteRefused(refused.Refusal));
        }
        else if (asked.Answer?.Value is { } quote)
        {
            var personOnly = quote.Differences.Count > 0 || IsMuch(quote);
            var shown = quote with { MaxRounds = _options.MaxQuoteRounds, PersonOnly = personOnly };
            journey.Report.Set(status => status with { Quote = shown, Reason = null });
            if (await IsCancelledAsync())
                journey.Report.End(JourneyPhase.Cancelled, PayoutReasons.Cancelled);
            else
                GoTo(input.AutoConfirm && !personOnly ? PayoutStep.Execute : PayoutStep.AwaitConfirmation);
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

    /// <summary>More than may leave without a person; so is a price that does not say how much leaves.</summary>
    private bool IsMuch(QuoteState quote) => quote.Send > _options.PersonConfirmsAbove
        || (quote.Send is null && _options.PersonConfirmsAbove < PayoutOptions.DefaultPersonConfirmsAbove);

    private async Task AwaitConfirmationAsync()
    {
        var expiresAt = Quote.ExpiresAt ?? Progress.Since + _options.Poll;
        var then = Progress.Round < _options.MaxQuoteRounds ? "a new price is asked for" : "the journey ends as Expired";
        var awaiting = Quote switch
        {
            { Differences.Count: > 0 } => "a person to compare the quote with the order: they differ in the fields the quote names",
            { PersonOnly: true } => "a person to confirm the quote: it is more than is paid without one",
            _ => "the caller to confirm the quote",
        };
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
            journey.Report.End(JourneyPhase.Failed, PayoutReasons.ExecutionRefused(refused.Refusal));
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
        if (Pickup?.ExpiresAt is { } expiresAt && Now < expiresAt)
            nextAsk = Journey.Earlier(nextAsk, expiresAt);
        var signal = await journey.ReceiveAsync(Journey.Earlier(nextAsk, journey.NextLimit(AlarmAt, ReviewAt)));
        if (journey.IsResolvedBy(signal))
            return;
        if (signal is { Command: null })
            Progress = Progress with { UnderReview = signal.Event == SignalEvent.TransactionUnderReview };
        if (journey.MayAsk && (signal is { Command: null or CommandNames.Ask } || (signal is null && Now >= nextAsk)))
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
            journey.Report.Enter(InTheOpen, $"{WhatIsAwaited}, which is late", ReviewAt, "an operator has to look", overdue: true);
        }
        else if (Pickup is { ExpiresAt: { } expiresAt } && Now < expiresAt)
        {
            const string then = "OMS takes it back, and the journey ends as Failed";
            journey.Report.Enter(JourneyPhase.AwaitingPickup, WhatIsAwaited, expiresAt, then);
        }
        else
        {
            journey.Report.Enter(InTheOpen, WhatIsAwaited, AlarmAt, "the wait counts as overdue");
        }
    }

    private JourneyPhase InTheOpen => Pickup is null ? JourneyPhase.AwaitingPayout : JourneyPhase.AwaitingPickup;

    private string WhatIsAwaited => Progress switch
    {
        { Payout.Status: TransactionStatus.CashPickupReady } when Now >= Pickup?.ExpiresAt => "OMS to say whether the cash was collected",
        { Payout.Status: TransactionStatus.CashPickupReady } => "somebody to collect the cash",
        { UnderReview: true } or { Payout.Payout.Held: true } => "OMS's compliance to let the payout go",
        _ when input.Order.Store is not null => "the cash to lie ready",
        _ => "the bank transfer",
    };

    /// <summary>It has landed, which is final but for one thing: a bank that cannot credit it sends it back.</summary>
    private async Task AwaitReturnAsync()
    {
        var until = Progress.ReturnUntil ?? Now;
        journey.Report.Enter(
            JourneyPhase.Completed, "nothing more, unless the bank sends the payout back", until, "the journey ends");
        var nextAsk = journey.Report.Status.Silence?.NextTryAt ?? until;
        var signal = await journey.ReceiveAsync(nextAsk);
        if (journey.MayAsk && (signal.MayTellOfAReturn() || (signal is null && Now >= nextAsk)))
            Progress = Progress with { Step = PayoutStep.AskAboutReturn };
    }

    /// <param name="from">The wait that goes on when there is no answer.</param>
    private async Task AskAsync(PayoutStep from)
    {
        var request = new PayoutOfJourney(
            Payout.Payout.TransactionId,
            new(journey.InstanceId, input.Order.CustomerId, Quote.Id) { Send = Quote.Send, Receive = Quote.Receive });
        var answer = await journey.TryAsync<PayoutSnapshot>(nameof(PayoutActivities.ReadPayout), request);
        if (answer.IsRefused)
            journey.Report.Set(status => status with { Reason = answer.Refusal.ToReason(PayoutReasons.PayoutNotShown) });
        Progress = Progress with { Step = from };
        if (answer.HasValue)
            Follow(answer.Value);
        else if (answer.IsRefused && from == PayoutStep.AwaitReturn)
            EndAfterLanding();
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
            Land(payout);
        if (payout.Status == TransactionStatus.Failed)
            Fail(payout);
    }

    /// <summary>Cash that was collected does not come back; of the rest the bank may send back what it cannot credit.</summary>
    private void Land(PayoutSnapshot payout)
    {
        if (input.ReturnWindow is not { } window || window == TimeSpan.Zero || input.Order.Store is not null)
        {
            journey.Report.End(JourneyPhase.Completed);
            return;
        }

        var landedAt = payout.Payout.CompletedAt is { } said && said < Now ? said : Now;
        Progress = Progress with { ReturnUntil = Progress.ReturnUntil ?? landedAt + window };
        if (Now < Progress.ReturnUntil)
            Progress = Progress with { Step = PayoutStep.AwaitReturn };
        else
            EndAfterLanding();
    }

    private void EndAfterLanding()
    {
        if (Now >= Progress.ReturnUntil)
            journey.Report.End(JourneyPhase.Completed);
    }

    private void Fail(PayoutSnapshot payout)
    {
        if (Progress.ReturnUntil is null && payout.ErrorCode != PayoutReasons.ReturnedCode)
        {
            journey.Report.End(JourneyPhase.Failed, PayoutReasons.NotDelivered(payout.ErrorCode, isCash: payout.IsCash));
            return;
        }

        journey.Report.Set(status => status with { Payout = payout.Payout with { ReturnedAt = Now } });
        journey.Report.End(JourneyPhase.Failed, PayoutReasons.Returned(payout.ErrorCode));
    }

    private void GoTo(PayoutStep step) => Progress = Progress with { Step = step, Since = Now };
}
