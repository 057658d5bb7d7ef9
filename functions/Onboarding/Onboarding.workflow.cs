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
    public static async Task<JourneyStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, OnboardingInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var report = new JourneyReport(context);
        if (await new OnboardingSteps(context, new Mailbox(context), report, input.Options).RunAsync())
            report.End(JourneyPhase.Completed);

        var request = new CloseRequest(context.InstanceId, report.Status.CustomerId is { } customer ? [customer] : []);
        await context.CallActivityAsync(nameof(JourneyActivities.CloseJourney), request, JourneyRetry.UntilItWorks);
        return report.Status;
    }
}
