using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using OmsWorkflows.Journeys;
using OmsWorkflows.Onboarding;

namespace OmsWorkflows.CashIns;

/// <summary>Cash to USDC: (onboarding,) deposit code, one-hour timer against webhook, refresh or expire, cash taken, USDC booked (DESIGN 1).</summary>
public static class CashInWorkflow
{
    /// <summary>The orchestration's name.</summary>
    public const string Name = "CashIn";

    /// <summary>Runs one cash-in; the result is the status it ended with.</summary>
    /// <param name="context">The orchestration.</param>
    /// <param name="input">Ids, amount, times.</param>
    [Function(Name)]
    public static async Task<JourneyStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, CashInInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var mailbox = new Mailbox(context);
        var report = new JourneyReport(context);

        var ended = await PrepareAsync(context, input, mailbox, report)
            ?? await new CashInSteps(context, mailbox, report, input).RunAsync();

        // Whoever books closes as well.
        if (ended.Settlement is not null)
            return ended;

        string?[] resources = [ended.CustomerId, ended.CashInId];
        await context.CallActivityAsync(
            nameof(JourneyActivities.CloseJourney), new CloseRequest(context.InstanceId, [.. resources.OfType<string>()]), JourneyRetry.UntilItWorks);
        return ended;
    }

    /// <summary>Gets to a customer and a wallet. The result is <see langword="null"/> when both are there.</summary>
    private static async Task<JourneyStatus?> PrepareAsync(TaskOrchestrationContext context, CashInInput input, Mailbox mailbox, JourneyReport report)
    {
        var onboarding = new OnboardingSteps(context, mailbox, report, input.Onboarding);
        if (input.CustomerId is not { } customerId)
            return await onboarding.RunAsync();

        report.Set(status => status with { CustomerId = customerId });
        if (input.WalletId is not { } walletId)
            return await onboarding.ProvisionWalletAsync(customerId);

        report.Set(status => status with { Wallet = new(walletId, null, "usdc", "polygon") });
        return null;
    }
}
