using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.BankDeposits;

/// <summary>
/// One event about money from a bank: OMS is asked until it says how the deposit ended, and the ledger follows. Nobody waits for it, it
/// takes no commands, and after a few hours it leaves the rest to the reconciliation.
/// </summary>
public static class BankDepositWorkflow
{
    /// <summary>The orchestration's name.</summary>
    public const string Name = "BankDeposit";

    /// <summary>With pauses doubled from seconds to an hour, they take six hours.</summary>
    private const int MostLooks = 17;

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    /// <summary>Runs until the deposit is final; the result says whether it is.</summary>
    [Function(Name)]
    public static async Task<DepositLook> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, DepositHint input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var pause = FirstPause;
        for (var looks = 1; looks < MostLooks; looks++)
        {
            var (look, asked) = await LookAsync(context, input);
            if (look.IsFinal)
                return look;

            await context.CreateTimer(context.CurrentUtcDateTime + (asked > pause ? asked : pause), CancellationToken.None);
            pause = 2 * pause < LongestPause ? 2 * pause : LongestPause;
        }

        return (await LookAsync(context, input)).Look;
    }

    /// <summary>A fault of this app is no end either.</summary>
    private static async Task<(DepositLook Look, TimeSpan Asked)> LookAsync(TaskOrchestrationContext context, DepositHint input)
    {
        try
        {
            var answer = await context.CallActivityAsync<OmsAnswer<DepositLook>>(
                nameof(BankDepositActivities.LookAtDeposit), input, JourneyRetry.FewTimes);
            return (answer.Value ?? new(IsFinal: false), answer.Silence?.RetryAfter ?? TimeSpan.Zero);
        }
        catch (TaskFailedException)
        {
            return (new(IsFinal: false), TimeSpan.Zero);
        }
    }
}
