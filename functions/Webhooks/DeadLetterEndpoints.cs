using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Actions;
using OmsWorkflows.Http;
using OmsWorkflows.Ledger;

namespace OmsWorkflows.Webhooks;

/// <summary>Dead letters of the inbox, for operators.</summary>
public sealed class DeadLetterEndpoints(
    DeadLetters letters, IJourneyDirectory journeys, ActionLog actions, TimeProvider clock, ILogger<DeadLetterEndpoints> logger)
{
    /// <summary><c>GET /api/operations/dead-letters?limit=&amp;after=</c></summary>
    [Function(nameof(ListDeadLetters))]
    public async Task<IResult> ListDeadLetters(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "operations/dead-letters")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var limit = query.Limit(50, 200);
        var after = query.After(DeadLetters.ListName);
        return query.Problem ?? Results.Json(await letters.ListAsync(limit, after, request.HttpContext.RequestAborted));
    }

    /// <summary><c>POST /api/operations/dead-letters/redrive?resourceId=&amp;deliveryId=[&amp;instanceId=]</c></summary>
    [Function(nameof(RedriveDeadLetter))]
    public async Task<IResult> RedriveDeadLetter(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/dead-letters/redrive")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var resourceId = query.Required("resourceId");
        var deliveryId = query.Required("deliveryId");
        var instanceId = query.Id("instanceId");
        if (query.Problem is { } problem)
            return problem;
        if (await letters.FindAsync(resourceId, deliveryId, cancellationToken) is not { } stored)
            return Problems.NotFound("stored event");
        if (instanceId is not null && await RefuseAsync(stored, instanceId, client, cancellationToken) is { } refused)
            return refused;
        var reached = await letters.RedriveAsync(resourceId, deliveryId, instanceId, client, cancellationToken);
        if (reached is null or 0)
        {
            return Problems.Conflict("nobody-listens", "No journey got the event",
                "Give ?instanceId= of a journey that is not over. "
                    + "For settled money without a journey, attach the unclaimed settlement instead.");
        }

        await actions.WriteAsync(
            resourceId, $"redrive {clock.GetUtcNow():O}", Action(request, "redrive", instanceId ?? deliveryId), cancellationToken);
        if (instanceId is not null)
        {
            await actions.WriteAsync(
                instanceId, $"redrive {clock.GetUtcNow():O}", Action(request, "redrive", deliveryId), cancellationToken);
        }

        return Results.Json(new { reached });
    }

    /// <summary><c>POST /api/operations/dead-letters/dismiss?resourceId=&amp;deliveryId=&amp;reason=</c>: nobody needs it.</summary>
    [Function(nameof(DismissDeadLetter))]
    public async Task<IResult> DismissDeadLetter(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/dead-letters/dismiss")] HttpRequest request,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var resourceId = query.Required("resourceId");
        var deliveryId = query.Required("deliveryId");
        var reason = query.Reason();
        if (query.Problem is { } problem)
            return problem;
        if (await letters.FindAsync(resourceId, deliveryId, cancellationToken) is not { } stored)
            return Problems.NotFound("stored event");
        if (!await letters.DismissAsync(stored, cancellationToken))
        {
            return Problems.Conflict(
                "no-dead-letter", "The event is no dead letter", "Only an event nobody came for can be dismissed: list them again.");
        }

        var action = Action(request, "dismiss", deliveryId) with { Reason = reason };
        await actions.WriteAsync(resourceId, $"dismiss {deliveryId}", action, cancellationToken);
        logger.Dismissed(action.By, deliveryId, resourceId, reason);
        return Results.Json(DeadLetter.Of(stored));
    }

    /// <summary>An event wakes the journey it is about, as long as that can be woken.</summary>
    private async Task<IResult?> RefuseAsync(
        InboxEvent stored, string instanceId, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await journeys.FindAsync(instanceId, client, cancellationToken) is not { } journey)
            return Problems.NotFound("journey");
        if (journey.Ended)
        {
            return Problems.Conflict(
                "journey-ended", "The journey is over", "It hears of nothing any more. Attach its money, or dismiss the event.");
        }

        var isForeign = Differ(stored.Signal.CustomerId, journey.CustomerId) || Differ(stored.Signal.CashInId, journey.CashInId)
            || Differ(stored.Signal.TransactionId, journey.TransactionId);
        return isForeign
            ? Problems.Conflict(
                "other-journey", "The event is about another journey", "Name the journey of the same customer, cash-in and transaction.")
            : null;
    }

    private static bool Differ(string? said, string? known) => said is not null && known is not null && said != known;

    private ActionRecord Action(HttpRequest request, string name, string about)
        => new(clock.GetUtcNow(), name, Actor.Of(request).Id, about);
}
