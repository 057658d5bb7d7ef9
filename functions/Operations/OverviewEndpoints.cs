using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Http;

namespace OmsWorkflows.Operations;

/// <summary>The overview, for operators.</summary>
public sealed class OverviewEndpoints(Overview overview)
{
    /// <summary><c>GET /api/operations/overview</c>: what runs, what happened in the last day, and what somebody should look at.</summary>
    [Function(nameof(GetOverview))]
    public async Task<IResult> GetOverview(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "operations/overview")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => Results.Json(await overview.ReadAsync(client, cancellationToken), ApiJson.Options);
}
