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
        var resumed = input.Resume?.Journey;
        var report = new JourneyReport(context, resumed);
        var steps = new OnboardingSteps(
            context, new Mailbox(context, resumed), report, input.Options, startOver: progress => input with { Resume = progress });
        if (await steps.RunAsync(input.Resume))
            report.End(JourneyPhase.Completed);
        if (!report.Status.Ended)
            return report.Status;

        var request = new CloseRequest(context.InstanceId, report.Status.CustomerId is { } customer ? [customer] : []);
        await context.CallActivityAsync(nameof(JourneyActivities.CloseJourney), request, JourneyRetry.UntilItWorks);
        return report.Status;
    }
}
