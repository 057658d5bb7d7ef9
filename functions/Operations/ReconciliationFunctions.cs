using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OmsWorkflows.Oms;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Operations;

/// <summary>Runs the reconciliation: when asked, and every hour.</summary>
public sealed class ReconciliationFunctions(
    Reconciliation reconciliation, IOptionsMonitor<WebhookOptions> options, TimeProvider time, ILogger<ReconciliationFunctions> logger)
{
    private static readonly TimeSpan _standardSpan = TimeSpan.FromDays(1);
    private static readonly TimeSpan _longestSpan = TimeSpan.FromDays(31);

    /// <summary>Each run looks back so far that several may fail before anything is overlooked.</summary>
    private static readonly TimeSpan _lookBack = TimeSpan.FromDays(3);

    /// <summary><c>GET /api/operations/reconciliation?from=&amp;to=</c>: reports and changes nothing; the last day unless told.</summary>
    [Function("Reconcile")]
    public async Task<IResult> ReportAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "operations/reconciliation")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new OperationsQuery(request.Query);
        var to = query.Time("to", time.GetUtcNow());
        var from = query.Time("from", to - _standardSpan);
        if (from > to || to - from > _longestSpan) query.Refuse("from", $"Give a time before 'to', at most {_longestSpan.Days} days.");
        if (query.Problem is { } problem) return problem;
        try
        {
            return Results.Json(await reconciliation.RunAsync(from, to, null, request.HttpContext.RequestAborted).ConfigureAwait(false));
        }
        catch (OmsException)
        {
            // The client has logged it.
            return Problems.OmsFailed("The transactions could not be listed: try again later.");
        }
    }

    /// <summary>Every hour: what OMS settled and the ledger does not know becomes an unclaimed settlement, webhook or no webhook.</summary>
    [Function("ReconcileHourly")]
    public async Task RunAsync([TimerTrigger("0 7 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var report = await reconciliation.RunAsync(now - _lookBack, now, now - options.CurrentValue.SettleWithin, cancellationToken).ConfigureAwait(false);
        if (report.Mismatched.Count + report.Unfounded.Count > 0)
            Log.MoneyDiffers(logger, string.Join(' ', report.Mismatched.Select(mismatch => mismatch.TransactionId)), string.Join(' ', report.Unfounded));
    }
}
