using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using OmsWorkflows.Journeys;
using OmsWorkflows.Onboarding;

namespace OmsWorkflows.CashIns;

/// <summary>Cash to USDC: (onboarding,) deposit code, one-hour timer against webhook, refresh or expire, cash taken, USDC booked.</summary>
public static class CashInWorkflow
{
    /// <summary>The orchestration's name.</summary>
    public const string Name = "CashIn";

    /// <summary>Runs one cash-in; the result is the status it ended with.</summary>
    [Function(Name)]
    public static async Task<JourneyStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, CashInInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var mailbox = new Mailbox(context);
        var report = new JourneyReport(context);

        CashInSteps? steps = null;
        if (await FindCustomerAndWalletAsync(context, input, mailbox, report))
            steps = await CreateDepositCodeAsync(context, input, mailbox, report);
        if (steps is not null)
            await steps.RunAsync();

        // The activity that books the money closes the journey as well.
        if (steps is not { IsClosed: true })
            await CloseAsync(context, report.Status);
        return report.Status;
    }

    /// <summary>Onboards the person as far as that is needed. Without a customer and a wallet the journey has ended.</summary>
    private static async Task<bool> FindCustomerAndWalletAsync(
        TaskOrchestrationContext context, CashInInput input, Mailbox mailbox, JourneyReport report)
    {
        var onboarding = new OnboardingSteps(context, mailbox, report, input.Onboarding);
        if (input.CustomerId is not { } customerId)
            return await onboarding.RunAsync();

        report.Set(status => status with { CustomerId = customerId });
        if (input.WalletId is not { } walletId)
            return await onboarding.ProvisionWalletAsync(customerId);

        report.Set(status => status with { Wallet = new(walletId, null, "usdc", "polygon") });
        return true;
    }

    /// <summary>Gets the first code. The result is null when OMS refused, and then the journey has ended.</summary>
    private static async Task<CashInSteps?> CreateDepositCodeAsync(
        TaskOrchestrationContext context, CashInInput input, Mailbox mailbox, JourneyReport report)
    {
        report.Enter(JourneyPhase.CreatingCashIn, "OMS to make the deposit code");
        var request = new CreateCashInRequest(context.InstanceId, report.CustomerId, report.WalletId, input.IndicatedAmount);
        var created = await context.CallActivityAsync<OmsAnswer<CashInSnapshot>>(
            nameof(CashInActivities.CreateCashIn), request, JourneyRetry.UntilItWorks);
        if (!created.HasValue)
        {
            report.End(JourneyPhase.Failed, created.Refusal.ToReason(CashInReasons.CodeRefused));
            return null;
        }

        mailbox.Add(created.Value.Signals);
        report.Set(status => status with { CashInId = created.Value.CashInId });
        return new CashInSteps(context, mailbox, report, input.Options, created.Value);
    }

    private static Task CloseAsync(TaskOrchestrationContext context, JourneyStatus ended)
    {
        string?[] resources = [ended.CustomerId, ended.CashInId];
        var request = new CloseRequest(context.InstanceId, [.. resources.OfType<string>()]);
        return context.CallActivityAsync(nameof(JourneyActivities.CloseJourney), request, JourneyRetry.UntilItWorks);
    }
}
