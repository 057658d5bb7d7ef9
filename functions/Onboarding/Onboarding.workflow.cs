using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Onboarding;

/// <summary>Onboarding on its own: customer, endorsements, wallet.</summary>
public static class OnboardingWorkflow
{
    /// <summary>The orchestration's name.</summary>
    public const string Name = "Onboarding";

    /// <summary>Runs one onboarding; the result is the status it ended with.</summary>
    [Function(Name)]
    public static Task<JourneyStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, OnboardingInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var journey = new Journey(context, input.Memory, input.Tells);
        return journey.RunAsync(new OnboardingCourse(journey, input));
    }
}

/// <summary>The steps of an onboarding as a journey of its own.</summary>
internal sealed class OnboardingCourse(Journey journey, OnboardingInput input) : IJourneyCourse
{
    private readonly OnboardingSteps _steps = new(
        journey, input.Options, input.Progress ?? new(OnboardingStep.CreateCustomer, journey.Now));

    /// <inheritdoc/>
    public async Task TakeStepAsync()
    {
        await _steps.TakeAsync();
        if (_steps.IsDone)
            journey.Report.End(JourneyPhase.Completed);
    }

    /// <inheritdoc/>
    public object ToInput(JourneyMemory memory) => input with { Memory = memory, Progress = _steps.Progress };

    /// <inheritdoc/>
    public CloseRequest ToClose()
        => new(journey.InstanceId, journey.Report.Status.CustomerId is { } customer ? [customer] : []);
}
