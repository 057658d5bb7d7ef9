using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using OmsWorkflows.Actions;
using OmsWorkflows.Http;

namespace OmsWorkflows.Ledger;

/// <summary>The settlement ledger, for operators.</summary>
public sealed class SettlementEndpoints(SettlementLedger ledger, ActionLog actions, Decisions decisions)
{
    private const string ListName = "settlements";
    private const int StandardLimit = 100;
    private const int MaxLimit = 200;

    /// <summary>
    /// <c>GET /api/operations/settlements?state=&amp;limit=&amp;after=</c>: the newest first, unclaimed ones unless told.
    /// </summary>
    [Function(nameof(ListSettlements))]
    public async Task<IResult> ListSettlements(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "operations/settlements")] HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var state = query.Choice<SettlementState>("state") ?? SettlementState.Unclaimed;
        var limit = query.Limit(StandardLimit, MaxLimit);
        var list = $"{ListName}/{state}";
        var after = query.After(list);
        if (query.Problem is { } problem)
            return problem;
        var (page, next) = await ledger.Lists.ListAsync(state, limit, after, request.HttpContext.RequestAborted);
        var pending = (await decisions.ListAsync(request.HttpContext.RequestAborted)).ToLookup(each => each.Subject);
        var views = page.Select(record => SettlementView.Of(record) with
        {
            Pending = OrNull(pending[record.Settlement.TransactionId]),
        });
        return Results.Json(new SettlementPage([.. views], PageToken.Encode(list, next)));
    }

    /// <summary><c>GET /api/operations/settlements/{transactionId}</c></summary>
    [Function(nameof(GetSettlement))]
    public async Task<IResult> GetSettlement(
        [HttpTrigger(
            AuthorizationLevel.Function,
            "get",
            Route = "operations/settlements/{transactionId}")] HttpRequest request, string transactionId)
    {
        ArgumentNullException.ThrowIfNull(request);
        var token = request.HttpContext.RequestAborted;
        if (await ledger.FindAsync(transactionId, token) is not { } record)
            return Problems.NotFound("settlement");
        var pending = (await decisions.ListAsync(token)).Where(each => each.Subject == transactionId);
        return Results.Json(SettlementView.Of(record) with
        {
            Pending = OrNull(pending),
            Actions = await actions.ListAsync(transactionId, token),
        });
    }

    private static PendingDecision[]? OrNull(IEnumerable<PendingDecision> pending)
        => pending.ToArray() is { Length: > 0 } some ? some : null;
}

/// <summary>One page of settlements.</summary>
/// <param name="Data">The settlements, the newest first.</param>
/// <param name="Next">Where the next page begins; null on the last.</param>
public sealed record SettlementPage(IReadOnlyList<SettlementView> Data, string? Next);
