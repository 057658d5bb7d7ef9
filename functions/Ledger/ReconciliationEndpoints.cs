using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Http;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Ledger;

/// <summary>The reconciliation, for operators.</summary>
public sealed class ReconciliationEndpoints(Reconciliation reconciliation, TimeProvider clock)
{
    private static readonly TimeSpan StandardSpan = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(31);

    /// <summary><c>GET /api/operations/reconciliation?from=&amp;to=</c>: reports and changes nothing; the last day unless told.</summary>
    [Function(nameof(Reconcile))]
    public async Task<IResult> Reconcile(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "operations/reconciliation")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var to = query.Time("to", clock.GetUtcNow());
        var from = query.Time("from", to - StandardSpan);
        if (from > to || to - from > LongestSpan)
            query.Refuse("from", $"must be a time before 'to', by at most {LongestSpan.Days} days");
        if (query.Problem is { } problem)
            return problem;

        try
        {
            return Results.Json(await reconciliation.RunAsync(from, to, null, request.HttpContext.RequestAborted));
        }
        catch (OmsException)
        {
            // The client has logged it.
            return Problems.OmsFailed("The transactions could not be listed: try again later.");
        }
    }
}
