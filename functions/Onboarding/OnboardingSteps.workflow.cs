using Microsoft.DurableTask;
using OmsWorkflows.Journeys;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Onboarding;

/// <summary>
/// Brings an applicant to a customer with endorsements and a wallet. Runs inside a journey: same history, same mailbox, same status.
/// </summary>
internal sealed class OnboardingSteps(TaskOrchestrationContext context, Mailbox mailbox, JourneyReport report, OnboardingOptions options)
{
    private const string JourneyFails = "the journey ends as Failed";

    private DateTimeOffset Now => context.CurrentUtcDateTime;

    /// <summary>Runs to the wallet. Without one the journey has ended.</summary>
    public async Task<bool> RunAsync()
    {
        report.Enter(JourneyPhase.CreatingCustomer, "OMS to create the customer");
        var created = await context.CallActivityAsync<OmsAnswer<CustomerSnapshot>>(
            nameof(OnboardingActivities.CreateCustomer), context.InstanceId, JourneyRetry.UntilItWorks);
        if (!created.HasValue)
            return Fail(created.Refusal.ToReason(OnboardingReasons.CustomerRefused));

        var customer = created.Value;
        mailbox.Add(customer.Signals);
        report.Set(status => status with { CustomerId = customer.CustomerId });
        return await AwaitEndorsementsAsync(customer) && await ProvisionWalletAsync(customer.CustomerId);
    }

    /// <summary>Provisions the wallet of a customer that is ready. Without one the journey has ended.</summary>
    public async Task<bool> ProvisionWalletAsync(string customerId)
    {
        report.Enter(JourneyPhase.ProvisioningWallet, "OMS to provision the wallet");
        var provisioned = await context.CallActivityAsync<OmsAnswer<WalletState>>(
            nameof(OnboardingActivities.ProvisionWallet), new CustomerOfJourney(context.InstanceId, customerId), JourneyRetry.UntilItWorks);
        if (!provisioned.HasValue)
            return Fail(provisioned.Refusal.ToReason(OnboardingReasons.WalletRefused));

        report.Set(status => status with { Wallet = provisioned.Value });
        return true;
    }

    /// <summary>Waits until OMS has granted all endorsements. Without them the journey has ended.</summary>
    private async Task<bool> AwaitEndorsementsAsync(CustomerSnapshot customer)
    {
        var giveUpAt = Now + options.GiveUpAfter;
        while (true)
        {
            report.Set(status => status with { Endorsements = customer.Endorsements });
            switch (EndorsementVerdicts.Of(customer.Endorsements))
            {
                case EndorsementVerdict.Granted:
                    return true;
                case EndorsementVerdict.Rejected:
                    return End(JourneyPhase.Rejected, OnboardingReasons.Rejected);
                case EndorsementVerdict.NeedsApplicant:
                    const string issues = "what the endorsements list as missing or as an issue";
                    report.Enter(JourneyPhase.AwaitingApplicant, issues, giveUpAt, JourneyFails);
                    break;
                default:
                    report.Enter(JourneyPhase.AwaitingEndorsements, "OMS to decide on the endorsements", giveUpAt, JourneyFails);
                    break;
            }

            if (Now >= giveUpAt)
                return Fail(OnboardingReasons.Undecided);

            var nextPoll = Now + options.Poll;
            var signal = await mailbox.ReceiveAsync(nextPoll < giveUpAt ? nextPoll : giveUpAt);
            switch (signal)
            {
                case { Command: CommandNames.Cancel }:
                    return End(JourneyPhase.Cancelled, OnboardingReasons.Cancelled);
                case { Command: CommandNames.Supply }:
                    customer = await AskAsync(nameof(OnboardingActivities.UpdateCustomer), customer);
                    break;
                case null or { Event: SignalEvent.EndorsementChanged }:
                    customer = await AskAsync(nameof(OnboardingActivities.ReadCustomer), customer);
                    break;
            }
        }
    }

    /// <summary>Reads or changes the customer; what OMS refuses is shown, and the customer is as it was.</summary>
    private async Task<CustomerSnapshot> AskAsync(string activity, CustomerSnapshot customer)
    {
        var request = new CustomerOfJourney(context.InstanceId, customer.CustomerId);
        var answer = await context.CallActivityAsync<OmsAnswer<CustomerSnapshot>>(activity, request, JourneyRetry.UntilItWorks);
        if (answer.HasValue)
            return answer.Value;

        report.Set(status => status with { Reason = answer.Refusal.ToReason(OnboardingReasons.SupplyRefused) });
        return customer;
    }

    private bool Fail(JourneyReason reason) => End(JourneyPhase.Failed, reason);

    /// <summary>Ends the journey: there is nothing to go on with.</summary>
    private bool End(JourneyPhase phase, JourneyReason reason)
    {
        report.End(phase, reason);
        return false;
    }
}
