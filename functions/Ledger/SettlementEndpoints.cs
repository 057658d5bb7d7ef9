using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Http;

namespace OmsWorkflows.Ledger;

/// <summary>The settlement ledger, for operators.</summary>
public sealed class SettlementEndpoints(SettlementLedger ledger, IJourneyDirectory journeys)
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
        var (page, next) = await ledger.ListAsync(state, limit, after, request.HttpContext.RequestAborted);
        return Results.Json(new SettlementPage([.. page.Select(SettlementView.Of)], PageToken.Encode(list, next)));
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
        return Answer(await ledger.FindAsync(transactionId, request.HttpContext.RequestAborted));
    }

    /// <summary>
    /// <c>POST /api/operations/settlements/{transactionId}/attach?instanceId=&amp;reference=</c>: credits it to a journey.
    /// </summary>
    [Function(nameof(AttachSettlement))]
    public async Task<IResult> AttachSettlement(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/settlements/{transactionId}/attach")] HttpRequest request,
        string transactionId, [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        var query = new QueryReader(request.Query);
        var instanceId = query.Required("instanceId");
        var reference = query.Reference();
        if (query.Problem is { } problem)
            return problem;
        if (!await journeys.ContainsAsync(instanceId, request.HttpContext.RequestAborted)
            && await client.GetInstanceAsync(instanceId, request.HttpContext.RequestAborted) is null)
            return Problems.NotFound("journey");
        return await DecideAsync(() => ledger.AttachAsync(transactionId, instanceId, reference, request.HttpContext.RequestAborted));
    }

    /// <summary>
    /// <c>POST /api/operations/settlements/{transactionId}/handled?reference=</c>: an operator settled it outside this app.
    /// </summary>
    [Function(nameof(MarkSettlementHandled))]
    public async Task<IResult> MarkSettlementHandled(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/settlements/{transactionId}/handled")] HttpRequest request,
        string transactionId)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var reference = query.Reference();
        return query.Problem
            ?? await DecideAsync(() => ledger.MarkHandledAsync(transactionId, reference, request.HttpContext.RequestAborted));
    }

    private static async Task<IResult> DecideAsync(Func<Task<SettlementRecord?>> decide)
    {
        try
        {
            return Answer(await decide());
        }
        catch (SettlementConflictException e)
        {
            var owner = e.Existing.Settlement.InstanceId is { } instance ? $", for journey {instance}" : "";
            return Problems.Conflict("settlement-not-unclaimed", $"The settlement is {e.Existing.State} already{owner}",
                "Only unclaimed settlements can be attached or marked handled. Nothing was changed.");
        }
    }

    private static IResult Answer(SettlementRecord? record)
        => record is null ? Problems.NotFound("settlement") : Results.Json(SettlementView.Of(record));
}

/// <summary>One page of settlements.</summary>
/// <param name="Data">The settlements, the newest first.</param>
/// <param name="Next">Where the next page begins; null on the last.</param>
public sealed record SettlementPage(IReadOnlyList<SettlementView> Data, string? Next);
