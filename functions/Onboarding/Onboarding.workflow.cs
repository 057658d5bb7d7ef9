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
        var journey = new Journey(context, input.Memory);
        var steps = new OnboardingSteps(journey, input.Options, input.Progress ?? new(OnboardingStep.CreateCustomer, journey.Now));

        return journey.RunAsync(
            async () =>
            {
                await steps.TakeAsync();
                if (steps.IsDone)
                    journey.Report.End(JourneyPhase.Completed);
            },
            memory => input with { Memory = memory, Progress = steps.Progress },
            () => new(context.InstanceId, journey.Report.Status.CustomerId is { } customer ? [customer] : []));
    }
}
