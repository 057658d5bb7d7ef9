using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Processes;
using OmsWorkflows.Local.AppHost.Services;

namespace OmsWorkflows.Local.AppHost.Demo;

/// <summary>
/// One cash-in from applicant to booked USDC: the first code is left to run out, the journey refreshes it by itself, and the second one is
/// paid at the till.
/// </summary>
internal sealed class DemoRun(Machine machine, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs it.</summary>
    /// <returns>Whether the USDC was booked.</returns>
    public async Task<bool> RunAsync(Action<DemoEvent> report, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        var watch = machine.WatchAsync(limit.Token);
        var story = PlayAsync(report, limit.Token);
        try
        {
            return await (await Task.WhenAny(story, WhenFailed(watch)).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProcessFailedException($"The cash-in was not over after {Limit.TotalMinutes:0} minutes.", []);
        }
        finally
        {
            await limit.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task<bool> PlayAsync(Action<DemoEvent> report, CancellationToken cancellationToken)
    {
        using var api = new AppApi(machine.App);
        using var till = new Till(machine.Sandbox, machine.Key, machine.ApiVersion);
        var externalId = $"user-{Guid.NewGuid():N}"[..13];
        var started = await api.StartCashInAsync(Story.CashIn(externalId), $"demo-{Guid.NewGuid():N}", cancellationToken).ConfigureAwait(false);
        var id = started["id"]!.GetValue<string>();
        report(new DemoEvent(time.GetUtcNow(), "applicant", "Applicant sent", $"202 {id}", new JsonObject { ["id"] = id }));

        var journey = new JourneyWatch(time);
        var paid = false;
        using var timer = new PeriodicTimer(Look);
        do
        {
            var document = await api.GetCashInAsync(id, cancellationToken).ConfigureAwait(false);
            foreach (var seen in journey.See(document))
            {
                if (seen.Kind == "code-refreshed" && !paid) report(new DemoEvent(seen.At, "ran-out", "Code ran out", "nobody came to the store; the durable timer refreshed it", []));
                report(seen);
                if (seen.Kind == "booked") return true;
                if (seen.IsFailure) return false;
            }
            if (!paid && journey.Round > 0)
            {
                await PayAsync(till, journey.Code!, report, cancellationToken).ConfigureAwait(false);
                paid = true;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        return false;
    }

    private async Task PayAsync(Till till, string code, Action<DemoEvent> report, CancellationToken cancellationToken)
    {
        var answer = await till.PayAsync(code, Story.PaidAmount, cancellationToken).ConfigureAwait(false);
        if (answer != "00") throw new ProcessFailedException($"The till refused the code with response code {answer}.", []);
        report(new DemoEvent(time.GetUtcNow(), "paid", "Cash handed over", $"{Story.PaidAmount} USD at the till, response code {answer}",
            new JsonObject { ["amount"] = $"{Story.PaidAmount}", ["responseCode"] = answer }));
    }

    private static async Task<bool> WhenFailed(Task watch)
    {
        await watch.ConfigureAwait(false);
        return false;
    }
}
