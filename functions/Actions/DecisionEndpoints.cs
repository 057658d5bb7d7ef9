using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Http;

namespace OmsWorkflows.Actions;

/// <summary>Decisions that wait for a second person, for operators.</summary>
public sealed class DecisionEndpoints(Decisions decisions)
{
    /// <summary><c>GET /api/operations/decisions</c>: what waits; it is confirmed by the same request from somebody else.</summary>
    [Function(nameof(ListDecisions))]
    public async Task<IResult> ListDecisions(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "operations/decisions")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        return query.Problem
            ?? Results.Json(new { data = await decisions.ListAsync(request.HttpContext.RequestAborted) }, ApiJson.Options);
    }
}
