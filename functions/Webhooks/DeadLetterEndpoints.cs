using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Http;

namespace OmsWorkflows.Webhooks;

/// <summary>Dead letters of the inbox, for operators.</summary>
public sealed class DeadLetterEndpoints(DeadLetters letters)
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
        [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var resourceId = query.Required("resourceId");
        var deliveryId = query.Required("deliveryId");
        var instanceId = query.Id("instanceId");
        if (query.Problem is { } problem)
            return problem;
        return await letters.RedriveAsync(
            resourceId, deliveryId, instanceId, client, request.HttpContext.RequestAborted) switch
        {
            null => Problems.NotFound("stored event"),
            0 => Problems.Conflict("nobody-listens", "No journey got the event",
                "Give ?instanceId= of a journey that is not over. "
                    + "For settled money without a journey, attach the unclaimed settlement instead."),
            var reached => Results.Json(new { reached }),
        };
    }
}
