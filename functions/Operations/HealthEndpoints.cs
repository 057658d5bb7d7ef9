using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace OmsWorkflows.Operations;

/// <summary>Health of the app.</summary>
public sealed class HealthEndpoints(HealthProbe probe)
{
    /// <summary>
    /// <c>GET /api/health/live</c>: the process answers, and says what it was built from, so that a deployment can tell new code from
    /// old. Without a
    /// key, for the platform.
    /// </summary>
    [Function(nameof(Live))]
    public static IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health/live")] HttpRequest request)
        => Results.Json(new { live = true, commit = Build.Commit });

    /// <summary><c>GET /api/health</c>: what the app needs answers, or 503.</summary>
    [Function(nameof(Health))]
    public Task<IResult> Health(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "health")] HttpRequest request, [DurableClient] DurableTaskClient client)
        => Ready(request, client);

    /// <summary><c>GET /api/health/ready</c>: the same.</summary>
    [Function(nameof(Ready))]
    public async Task<IResult> Ready(
        [HttpTrigger(
            AuthorizationLevel.Function, "get", Route = "health/ready")] HttpRequest request, [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        var report = await probe.CheckAsync(client, request.HttpContext.RequestAborted);
        return Results.Json(report, statusCode: report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
