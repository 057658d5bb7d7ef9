using OmsWorkflows.Journeys;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Onboarding;

/// <summary>
/// Brings an applicant to a customer with endorsements and a wallet. Runs inside a journey: same history, same mailbox, same status.
/// </summary>
internal sealed class OnboardingSteps(Journey journey, OnboardingOptions options, OnboardingProgress progress)
{
    /// <summary>A review by hand takes days; so long between two polls is soon enough when the webhook is lost.</summary>
    private static readonly TimeSpan LongestPoll = TimeSpan.FromHours(6);

    private const string JourneyFails = "the journey ends as Failed";

    /// <summary>How far it is.</summary>
    public OnboardingProgress Progress { get; private set; } = progress;

    /// <summary>Whether there is a customer with a wallet.</summary>
    public bool IsDone => Progress.Step == OnboardingStep.Done;

    private DateTimeOffset GiveUpAt => Progress.StartedAt + options.GiveUpAfter;

    /// <summary>Takes the next step. The journey may have ended after it.</summary>
    public Task TakeAsync() => Progress.Step switch
    {
        OnboardingStep.CreateCustomer => CreateCustomerAsync(),
        OnboardingStep.ReadCustomer => ReadCustomerAsync(nameof(OnboardingActivities.ReadCustomer)),
        OnboardingStep.UpdateCustomer => ReadCustomerAsync(nameof(OnboardingActivities.UpdateCustomer)),
        OnboardingStep.AwaitEndorsements => AwaitEndorsementsAsync(),
        OnboardingStep.ProvisionWallet or OnboardingStep.Done => ProvisionWalletAsync(),
        _ => throw new UnknownStepException(),
    };

    private async Task CreateCustomerAsync()
    {
        journey.Report.Enter(JourneyPhase.CreatingCustomer, "OMS to create the customer", GiveUpAt, JourneyFails);
        var asked = await journey.AskAsync<CustomerSnapshot>(nameof(OnboardingActivities.CreateCustomer), journey.InstanceId, GiveUpAt);
        if (EndsUnanswered(asked))
            return;
        if (asked.Answer is { IsRefused: true } answer)
            journey.Report.End(JourneyPhase.Failed, ReasonOf(answer.Refusal));
        if (asked.Answer?.Value is not { } customer)
            return;

        journey.Mailbox.Add(customer.Signals);
        journey.Report.Set(status => status with { CustomerId = customer.CustomerId, CustomerAdoptedFrom = customer.AdoptedFrom });
        Judge(customer);
    }

    private static JourneyReason ReasonOf(Refusal refusal) => refusal.Code == OnboardingReasons.CustomerExistsCode
        ? OnboardingReasons.CustomerExists(refusal)
        : refusal.ToReason(OnboardingReasons.CustomerRefused);

    /// <summary>Waits until OMS may have decided on the endorsements, or the caller supplied what was missing.</summary>
    private async Task AwaitEndorsementsAsync()
    {
        if (journey.Now >= GiveUpAt)
        {
            journey.Report.End(JourneyPhase.Failed, OnboardingReasons.Undecided);
            return;
        }

        ReportReview();
        var nextPoll = journey.NextAskAt(options.Poll, Progress.StartedAt, LongestPoll);
        switch (await journey.ReceiveAsync(Journey.Earlier(nextPoll, GiveUpAt)))
        {
            case { Command: CommandNames.Cancel }:
                journey.Report.End(JourneyPhase.Cancelled, OnboardingReasons.Cancelled);
                break;
            case { Command: CommandNames.Supply }:
                Progress = Progress with { Step = OnboardingStep.UpdateCustomer };
                break;
            case { Event: SignalEvent.EndorsementChanged } when journey.MayAsk:
            case { Command: CommandNames.Ask }:
            case null when journey.Now >= nextPoll:
                Progress = Progress with { Step = OnboardingStep.ReadCustomer };
                break;
        }
    }

    /// <summary>Reads or changes the customer; what OMS refuses is shown, and the customer is as it was.</summary>
    private async Task ReadCustomerAsync(string activity)
    {
        var request = new CustomerOfJourney(journey.InstanceId, journey.Report.CustomerId);
        if (activity == nameof(OnboardingActivities.UpdateCustomer))
        {
            // What was supplied has to get there: it is tried until it does.
            ReportReview();
            var asked = await journey.AskAsync<CustomerSnapshot>(activity, request, GiveUpAt);
            if (EndsUnanswered(asked) || asked.Answer is not { } supplied)
                return;
            Take(supplied);
            return;
        }

        Take(await journey.TryAsync<CustomerSnapshot>(activity, request));
    }

    private void Take(OmsAnswer<CustomerSnapshot> answer)
    {
        if (answer.IsRefused)
            journey.Report.Set(status => status with { Reason = answer.Refusal.ToReason(OnboardingReasons.SupplyRefused) });
        if (answer.HasValue)
            Judge(answer.Value);
        else
            Progress = Progress with { Step = OnboardingStep.AwaitEndorsements };
    }

    private void Judge(CustomerSnapshot customer)
    {
        journey.Report.Set(status => status with { Endorsements = customer.Endorsements });
        switch (EndorsementVerdicts.Of(customer.Endorsements))
        {
            case EndorsementVerdict.Granted:
                Progress = Progress with { Step = OnboardingStep.ProvisionWallet };
                break;
            case EndorsementVerdict.Rejected:
                journey.Report.End(JourneyPhase.Rejected, OnboardingReasons.Rejected);
                break;
            default:
                Progress = Progress with { Step = OnboardingStep.AwaitEndorsements };
                break;
        }
    }

    private async Task ProvisionWalletAsync()
    {
        journey.Report.Enter(JourneyPhase.ProvisioningWallet, "OMS to provision the wallet", GiveUpAt, JourneyFails);
        var request = new CustomerOfJourney(journey.InstanceId, journey.Report.CustomerId);
        var asked = await journey.AskAsync<WalletState>(nameof(OnboardingActivities.ProvisionWallet), request, GiveUpAt);
        if (EndsUnanswered(asked))
            return;
        if (asked.Answer is { IsRefused: true } answer)
            journey.Report.End(JourneyPhase.Failed, answer.Refusal.ToReason(OnboardingReasons.WalletRefused));
        if (asked.Answer?.Value is not { } wallet)
            return;

        journey.Report.Set(status => status with { Wallet = wallet, Reason = null });
        Progress = Progress with { Step = OnboardingStep.Done };
    }

    /// <summary>Ends the journey when the caller cancelled while OMS was silent, or when it was silent to the end.</summary>
    private bool EndsUnanswered<T>(Asked<T> asked)
        where T : class
    {
        if (asked.Answer is not null)
            return false;
        if (asked.Signal is { Command: CommandNames.Cancel })
            journey.Report.End(JourneyPhase.Cancelled, OnboardingReasons.Cancelled);
        else if (journey.Now >= GiveUpAt)
            journey.Report.End(JourneyPhase.Failed, OnboardingReasons.Unanswered);
        return journey.Report.Status.Ended;
    }

    private void ReportReview()
    {
        var endorsements = journey.Report.Status.Endorsements ?? [];
        if (EndorsementVerdicts.Of(endorsements) == EndorsementVerdict.NeedsApplicant)
            journey.Report.Enter(
                JourneyPhase.AwaitingApplicant, "what the endorsements list as missing or as an issue", GiveUpAt, JourneyFails);
        else
            journey.Report.Enter(JourneyPhase.AwaitingEndorsements, "OMS to decide on the endorsements", GiveUpAt, JourneyFails);
    }
}
