using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost.Demo;
using OmsWorkflows.Soak.Plans;
using OmsWorkflows.Soak.Processes;

namespace OmsWorkflows.Soak.Playing;

/// <summary>Plays journeys as their plans say, from the request to the end.</summary>
internal sealed class JourneyPlayer(
    AppCaller app, CashDesk desk, Applicants applicants, IReadOnlyList<string> knownCustomers, SoakOptions options)
{
    /// <summary>Plays one.</summary>
    /// <returns>The journey with the document it ended with; or, when <paramref name="giveUp"/> says so, with its last one.</returns>
    public async Task<PlayedJourney> PlayAsync(JourneyPlan plan, Func<bool> giveUp, CancellationToken cancellationToken)
    {
        var externalId = $"user-{options.Seed}-{plan.Number}";
        await applicants.AnnounceAsync(plan, externalId, cancellationToken);
        var id = await StartAsync(plan, externalId, cancellationToken);

        var payer = new Payer(plan, desk, app);
        var started = TimeProvider.System.GetTimestamp();
        var reviewed = false;
        using var timer = new PeriodicTimer(options.Pace.Look);
        var lastSeenAlive = DateTimeOffset.UtcNow;
        JsonObject document;
        while (!(document = await app.ReadAsync(id, cancellationToken)).Is("ended") && !giveUp())
        {
            lastSeenAlive = DateTimeOffset.UtcNow;
            reviewed = reviewed
                || await applicants.ActAsync(plan, document, TimeProvider.System.GetElapsedTime(started), cancellationToken);
            await payer.ActAsync(document, cancellationToken);
            await timer.WaitForNextTickAsync(cancellationToken);
        }
        if (document.Is("ended"))
            await payer.ActAfterTheEndAsync(id, cancellationToken);
        return new PlayedJourney(plan, id, document, lastSeenAlive, payer.Complaint);
    }

    private async Task<string> StartAsync(JourneyPlan plan, string externalId, CancellationToken cancellationToken)
    {
        var body = Story.CashIn(externalId);
        if (plan.KnownCustomer is { } customer)
        {
            body.Remove("applicant");
            body["customerId"] = knownCustomers[customer];
        }
        var key = $"soak-{options.Seed}-{plan.Number}";
        var ids = await Task.WhenAll(Enumerable.Range(0, plan.StartedTwice ? 2 : 1)
            .Select(_ => app.StartAsync((JsonObject)body.DeepClone(), key, cancellationToken)));
        return ids.Distinct().Count() == 1 ? ids[0] : throw new InvalidOperationException($"One key started {string.Join(" and ", ids)}.");
    }
}

/// <summary>A journey that was played.</summary>
/// <param name="Plan">What was meant to happen.</param>
/// <param name="Id">Its id.</param>
/// <param name="Document">How it ended.</param>
/// <param name="LastSeenAlive">When it was last seen before its end.</param>
/// <param name="Complaint">What a till did wrong.</param>
internal sealed record PlayedJourney(JourneyPlan Plan, string Id, JsonObject Document, DateTimeOffset LastSeenAlive, string? Complaint)
{
    public string Phase => Document.Text("phase")!;

    public bool Ended => Document.Is("ended");
}
