using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Calls;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>
/// One cash-in from applicant to booked USDC: the first code is left to run out, the journey refreshes it by itself, and the second one is
/// paid at the till.
/// </summary>
internal sealed class DemoRun(Places places, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs it.</summary>
    /// <returns>Whether the USDC was booked.</returns>
    public async Task<bool> RunAsync(Action<DemoEvent> report, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await PlayAsync(report, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProcessFailedException($"The cash-in was not over after {Limit.TotalMinutes:0} minutes.", []);
        }
    }

    private async Task<bool> PlayAsync(Action<DemoEvent> report, CancellationToken cancellationToken)
    {
        using var api = new AppApi(places.App, places.Keys.Function);
        using var till = new Till(places.Sandbox, places.Key, places.ApiVersion);
        var externalId = $"user-{Guid.NewGuid():N}"[..13];
        var started = await api.StartCashInAsync(Story.CashIn(externalId), $"demo-{Guid.NewGuid():N}", cancellationToken);
        report(new DemoEvent(
            clock.GetUtcNow(), "applicant", "Applicant sent", $"202 {started.Id}", new JsonObject { ["id"] = started.Id }));

        var journey = new JourneyWatch(clock);
        var paid = false;
        using var timer = new PeriodicTimer(Look);
        do
        {
            var document = await api.GetCashInAsync(started.Id, cancellationToken);
            foreach (var seen in journey.See(document))
            {
                if (seen.Kind == "code-refreshed" && !paid)
                    report(RanOut(seen.At));
                report(seen);
                if (seen.Kind == "booked")
                    return true;
                if (seen.IsFailure)
                    return false;
            }

            if (!paid && journey is { Round: > 0, Code: { } code })
            {
                await PayAsync(till, code, report, cancellationToken);
                paid = true;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
        return false;
    }

    private static DemoEvent RanOut(DateTimeOffset at)
        => new(at, "ran-out", "Code ran out", "nobody came to the store; the durable timer refreshed it", []);

    private async Task PayAsync(Till till, string code, Action<DemoEvent> report, CancellationToken cancellationToken)
    {
        var answer = await till.PayAsync(code, Story.PaidAmount, cancellationToken);
        if (answer != "00")
            throw new ProcessFailedException($"The till refused the code with response code {answer}.", []);
        report(new DemoEvent(
            clock.GetUtcNow(),
            "paid",
            "Cash handed over",
            $"{Story.PaidAmount} USD at the till, response code {answer}",
            new JsonObject { ["amount"] = $"{Story.PaidAmount}", ["responseCode"] = answer }));
    }
}
