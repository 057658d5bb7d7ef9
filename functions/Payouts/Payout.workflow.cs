using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Payouts;

/// <summary>USDC to a bank account: quote, confirm or re-quote, execute, landed or failed.</summary>
public static class PayoutWorkflow
{
    /// <summary>The orchestration's name.</summary>
    public const string Name = "Payout";

    /// <summary>Runs one payout; the result is the status it ended with.</summary>
    [Function(Name)]
    public static async Task<JourneyStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, PayoutInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var report = new JourneyReport(context);
        report.Set(status => status with { CustomerId = input.Order.CustomerId });
        var ended = await new PayoutSteps(context, new Mailbox(context), report, input).RunAsync();

        var request = new CloseRequest(context.InstanceId, ended.Payout is { } payout ? [payout.TransactionId] : []);
        await context.CallActivityAsync(nameof(JourneyActivities.CloseJourney), request, JourneyRetry.UntilItWorks);
        return ended;
    }
}
