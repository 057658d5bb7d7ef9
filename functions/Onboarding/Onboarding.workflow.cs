using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Onboarding;

/// <summary>Onboarding on its own: customer, endorsements, wallet (DESIGN 1).</summary>
public static class OnboardingWorkflow
{
    /// <summary>The orchestration's name.</summary>
    public const string Name = "Onboarding";

    /// <summary>Runs one onboarding; the result is the status it ended with.</summary>
    /// <param name="context">The orchestration.</param>
    /// <param name="input">Times and counts.</param>
    [Function(Name)]
    public static async Task<JourneyStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, OnboardingInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var report = new JourneyReport(context);
        var steps = new OnboardingSteps(context, new Mailbox(context), report, input.Policy);
        var ended = await steps.RunAsync() ?? report.End(JourneyPhase.Completed);
        await context.CallActivityAsync(
            nameof(JourneyActivities.CloseJourney),
            new CloseRequest(context.InstanceId, ended.CustomerId is { } customer ? [customer] : []),
            JourneyRetry.UntilItWorks);
        return ended;
    }
}
