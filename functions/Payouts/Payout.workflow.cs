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
    public static Task<JourneyStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, PayoutInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var journey = new Journey(context, input.Memory, input.Tells);
        if (input.Memory is null)
            journey.Report.Set(status => status with { CustomerId = input.Order.CustomerId });
        return journey.RunAsync(new PayoutSteps(journey, input));
    }
}
