using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Payouts;

/// <summary>USDC to a bank account: quote, confirm or re-quote, execute, landed or failed (DESIGN 1).</summary>
public static class PayoutWorkflow
{
    /// <summary>The orchestration's name.</summary>
    public const string Name = "Payout";

    /// <summary>Runs one payout; the result is the status it ended with.</summary>
    /// <param name="context">The orchestration.</param>
    /// <param name="input">Ids, amount, times.</param>
    [Function(Name)]
    public static async Task<JourneyStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, PayoutInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var report = new JourneyReport(context);
        report.Set(status => status with { CustomerId = input.Order.CustomerId });
        var ended = await new PayoutSteps(context, new Mailbox(context), report, input).RunAsync();
        await context.CallActivityAsync(
            nameof(JourneyActivities.CloseJourney),
            new CloseRequest(context.InstanceId, ended.Payout is { } payout ? [payout.TransactionId] : []),
            JourneyRetry.UntilItWorks);
        return ended;
    }
}
