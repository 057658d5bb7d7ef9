using OmsWorkflows.Local.AppHost.Calls;
using OmsWorkflows.Local.AppHost.Demo;
using OmsWorkflows.Machines;

namespace OmsWorkflows.Benchmarks.Webhooks;

/// <summary>Journeys that wait for cash, and so listen to what OMS says of their cash-ins.</summary>
internal static class WaitingJourneys
{
    public const int Count = 200;
    private const int AtOnce = 16;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <returns>The ids of their cash-ins at OMS.</returns>
    public static async Task<IReadOnlyList<string>> StartAsync(Machine machine, CancellationToken cancellationToken)
    {
        using var app = machine.App.Open();
        var cashIns = new string[Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, Count, options, async (number, token) =>
        {
            var started = await app.StartCashInAsync(Story.CashIn($"waiting-{number}"), $"waiting-{number}", token);
            using var timer = new PeriodicTimer(Look);
            JourneyDocument journey;
            while ((journey = await app.GetCashInAsync(started.Id, token)).Phase != "AwaitingDeposit")
                await timer.WaitForNextTickAsync(token);
            cashIns[number] = journey.CashInId ?? throw new InvalidOperationException($"It has a code and no cash-in: {journey}");
        });
        return cashIns;
    }
}
