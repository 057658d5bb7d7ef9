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
    public static Task<JourneyStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, CashInInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var journey = new Journey(context, input.Memory);
        var onboarding = new OnboardingSteps(journey, input.Onboarding, input.OnboardingProgress ?? new(FirstStep(input), journey.Now));
        var cashIn = new CashInSteps(journey, input, input.Progress ?? new() { Since = journey.Now });
        if (input.Memory is null)
            journey.Report.Set(status => status with { CustomerId = input.CustomerId, Wallet = NamedWallet(input) });

        return journey.RunAsync(
            () => onboarding.IsDone ? cashIn.TakeAsync() : onboarding.TakeAsync(),
            memory => input with { Memory = memory, OnboardingProgress = onboarding.Progress, Progress = cashIn.Progress },
            () => cashIn.IsClosed ? null : ToClose(context.InstanceId, journey.Report.Status));
    }

    /// <summary>The person is onboarded as far as that is needed.</summary>
    private static OnboardingStep FirstStep(CashInInput input) => input switch
    {
        { CustomerId: null } => OnboardingStep.CreateCustomer,
        { WalletId: null } => OnboardingStep.ProvisionWallet,
        _ => OnboardingStep.Done,
    };

    private static WalletState? NamedWallet(CashInInput input)
        => input is { CustomerId: not null, WalletId: { } walletId } ? new(walletId, null, "usdc", "polygon") : null;

    private static CloseRequest ToClose(string instanceId, JourneyStatus ended)
    {
        string?[] resources = [ended.CustomerId, ended.CashInId];
        return new(instanceId, [.. resources.OfType<string>()]);
    }
}
