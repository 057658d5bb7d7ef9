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
        var journey = new Journey(context, input.Memory, input.Tells);
        if (input.Memory is null)
            journey.Report.Set(status => status with { CustomerId = input.CustomerId, Wallet = NamedWallet(input) });
        return journey.RunAsync(new CashInCourse(journey, input));
    }

    private static WalletState? NamedWallet(CashInInput input)
        => input is { CustomerId: not null, WalletId: { } walletId } ? new(walletId, null, "usdc", "polygon") : null;
}

/// <summary>The steps of a cash-in: the person is onboarded as far as that is needed, then pays in.</summary>
internal sealed class CashInCourse(Journey journey, CashInInput input) : IJourneyCourse
{
    private readonly OnboardingSteps _onboarding = new(
        journey, input.Onboarding, input.OnboardingProgress ?? new(FirstStep(input), journey.Now));
    private readonly CashInSteps _cashIn = new(journey, input, input.Progress ?? new() { Since = journey.Now });

    /// <inheritdoc/>
    public Task TakeStepAsync() => _onboarding.IsDone ? _cashIn.TakeAsync() : _onboarding.TakeAsync();

    /// <inheritdoc/>
    public object ToInput(JourneyMemory memory)
        => input with { Memory = memory, OnboardingProgress = _onboarding.Progress, Progress = _cashIn.Progress };

    /// <inheritdoc/>
    public CloseRequest? ToClose()
    {
        if (_cashIn.IsClosed)
            return null;
        string?[] resources = [journey.Report.Status.CustomerId, journey.Report.Status.CashInId];
        return new(journey.InstanceId, [.. resources.OfType<string>()]);
    }

    private static OnboardingStep FirstStep(CashInInput input) => input switch
    {
        { CustomerId: null } => OnboardingStep.CreateCustomer,
        { WalletId: null } => OnboardingStep.ProvisionWallet,
        _ => OnboardingStep.Done,
    };
}
