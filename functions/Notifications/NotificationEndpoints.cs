using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Http;

namespace OmsWorkflows.Notifications;

/// <summary>Notifications, for operators.</summary>
public sealed class NotificationEndpoints(NotificationDeadLetters letters, NotificationReplay replay, TimeProvider clock)
{
    /// <summary><c>GET /api/operations/notifications/dead-letters?limit=&amp;after=</c></summary>
    [Function(nameof(ListNotificationDeadLetters))]
    public async Task<IResult> ListNotificationDeadLetters(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "operations/notifications/dead-letters")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var limit = query.Limit(50, 200);
        var after = query.After(NotificationDeadLetters.ListName);
        return query.Problem ?? Results.Json(await letters.ListAsync(limit, after, request.HttpContext.RequestAborted));
    }

    /// <summary>
    /// Queues dead letters once more: all of an endpoint, or one by <c>subject</c> and <c>sequence</c>. Each stays listed until it is
    /// taken.
    /// </summary>
    [Function(nameof(RedriveNotifications))]
    public async Task<IResult> RedriveNotifications(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/notifications/redrive")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var endpoint = Endpoint(query, query.Required("endpoint"));
        var subject = query.Id("subject");
        var sequence = Sequence(query);
        if ((subject is null) != (sequence is null))
            query.Refuse(subject is null ? "subject" : "sequence", "goes together with the other of subject and sequence");
        if (query.Problem is { } problem)
            return problem;
        return await replay.RedriveAsync(endpoint!, subject, sequence, request.HttpContext.RequestAborted) switch
        {
            0 when subject is not null => Problems.NotFound("dead letter"),
            var queued => Results.Json(new QueuedNotifications(queued), statusCode: StatusCodes.Status202Accepted),
        };
    }

    /// <summary>
    /// Queues all notifications of a span of time once more, <c>from</c> up to <c>to</c> or now, for one endpoint or all. Receivers know by
    /// <c>webhook-id</c> what they had.
    /// </summary>
    [Function(nameof(ReplayNotifications))]
    public async Task<IResult> ReplayNotifications(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/notifications/replay")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        query.Required("from");
        var from = query.Time("from", clock.GetUtcNow());
        var to = query.Time("to", clock.GetUtcNow());
        var endpoint = query.Optional("endpoint") is { } name ? Endpoint(query, name) : null;
        if (from > to)
            query.Refuse("to", "must not be before from");
        if (query.Problem is { } problem)
            return problem;
        var queued = await replay.ReplayAsync(from, to, endpoint, request.HttpContext.RequestAborted);
        return Results.Json(new QueuedNotifications(queued), statusCode: StatusCodes.Status202Accepted);
    }

    private string? Endpoint(QueryReader query, string name)
    {
        var known = replay.Endpoints.FirstOrDefault(endpoint => endpoint.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (known is null && name.Length > 0)
            query.Refuse("endpoint", "must be the name of an endpoint of Notifications:Endpoints");
        return known;
    }

    private static long? Sequence(QueryReader query)
    {
        if (query.Optional("sequence") is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) && sequence is >= 1 and < 10_000_000_000)
            return sequence;
        query.Refuse("sequence", "must be a whole number from 1");
        return null;
    }
}

/// <summary>How many notifications were queued to be told once more.</summary>
/// <param name="Queued">How many.</param>
public sealed record QueuedNotifications(int Queued);
