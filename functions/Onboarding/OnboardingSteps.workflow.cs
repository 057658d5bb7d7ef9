using Microsoft.DurableTask;
using OmsWorkflows.Journeys;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Onboarding;

/// <summary>Brings an applicant to a customer with endorsements and a wallet. Runs inside a journey: same history, same mailbox, same status.</summary>
internal sealed class OnboardingSteps(TaskOrchestrationContext context, Mailbox mailbox, JourneyReport report, OnboardingPolicy policy)
{
    /// <summary>Runs to the wallet. The result is <see langword="null"/> when the customer is ready, else how the journey ended.</summary>
    public async Task<JourneyStatus?> RunAsync()
    {
        report.Enter(JourneyPhase.CreatingCustomer, "OMS to create the customer");
        var customer = await context.CallActivityAsync<CustomerSnapshot>(nameof(OnboardingActivities.CreateCustomer), context.InstanceId, JourneyRetry.UntilItWorks);
        if (customer.Refusal is { } refusal)
            return report.End(JourneyPhase.Failed, refusal.ToReason("OMS refused to create the customer. Correct the applicant's data and start again with a new Idempotency-Key."));

        mailbox.Add(customer.Signals);
        report.Set(status => status with { CustomerId = customer.CustomerId });
        return await AwaitEndorsementsAsync(customer) ?? await ProvisionWalletAsync(customer.CustomerId);
    }

    /// <summary>Provisions the wallet of a customer that is ready.</summary>
    public async Task<JourneyStatus?> ProvisionWalletAsync(string customerId)
    {
        report.Enter(JourneyPhase.ProvisioningWallet, "OMS to provision the wallet");
        var result = await context.CallActivityAsync<WalletResult>(
            nameof(OnboardingActivities.ProvisionWallet), new ProvisionWalletRequest(context.InstanceId, customerId), JourneyRetry.UntilItWorks);
        if (result.Refusal is { } refusal)
            return report.End(JourneyPhase.Failed, refusal.ToReason("OMS refused to provision the wallet."));

        report.Set(status => status with { Wallet = result.Wallet });
        return null;
    }

    private async Task<JourneyStatus?> AwaitEndorsementsAsync(CustomerSnapshot customer)
    {
        var giveUpAt = new DateTimeOffset(context.CurrentUtcDateTime) + policy.GiveUpAfter;
        while (true)
        {
            report.Set(status => status with { Endorsements = customer.Endorsements });
            switch (EndorsementVerdicts.Of(customer.Endorsements))
            {
                case EndorsementVerdict.Granted:
                    return null;
                case EndorsementVerdict.Rejected:
                    return report.End(JourneyPhase.Rejected, new("kyc_rejected", "OMS refused the applicant; the endorsements say why. A new decision needs a new request."));
                case EndorsementVerdict.NeedsApplicant:
                    report.Enter(JourneyPhase.AwaitingApplicant, "what the endorsements list as missing or as an issue", giveUpAt, "the journey ends as Failed");
                    break;
                default:
                    report.Enter(JourneyPhase.AwaitingEndorsements, "OMS to decide on the endorsements", giveUpAt, "the journey ends as Failed");
                    break;
            }

            if (context.CurrentUtcDateTime >= giveUpAt)
                return report.End(JourneyPhase.Failed, new("kyc_undecided", "OMS did not decide in time. The customer exists: start again with its customerId once it is endorsed."));

            var nextPoll = new DateTimeOffset(context.CurrentUtcDateTime) + policy.Poll;
            var signal = await mailbox.ReceiveAsync(nextPoll < giveUpAt ? nextPoll : giveUpAt);
            if (signal?.Kind == SignalKind.Cancel)
                return report.End(JourneyPhase.Cancelled, new("cancelled", "Cancelled before any money could move. The customer stays at OMS."));

            if (signal is null or { Kind: SignalKind.Supply } or { Event: SignalEvent.EndorsementChanged })
            {
                var activity = signal?.Kind == SignalKind.Supply ? nameof(OnboardingActivities.UpdateCustomer) : nameof(OnboardingActivities.ReadCustomer);
                var read = await context.CallActivityAsync<CustomerSnapshot>(
                    activity, new CustomerOfJourney(context.InstanceId, customer.CustomerId), JourneyRetry.UntilItWorks);
                if (read.Refusal is { } refusal)
                    report.Set(status => status with { Reason = refusal.ToReason("OMS refused what was supplied. Correct it and supply it again.") });
                else
                    customer = read;
            }
        }
    }
}
