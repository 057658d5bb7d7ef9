using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Actions;
using OmsWorkflows.Http;

namespace OmsWorkflows.Ledger;

/// <summary>
/// What operators decide about settlements, with a reference and a reason. Where it takes two people, the first gets 202 with what waits
/// for the second, who sends the same request.
/// </summary>
public sealed class SettlementDecisions(SettlementLedger ledger, IJourneyDirectory journeys, Decisions decisions)
{
    /// <summary>
    /// <c>POST /api/operations/settlements/{transactionId}/attach?instanceId=&amp;reference=&amp;reason=</c>: credits it to a journey of
    /// its customer.
    /// </summary>
    [Function(nameof(AttachSettlement))]
    public async Task<IResult> AttachSettlement(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/settlements/{transactionId}/attach")] HttpRequest request,
        string transactionId,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        var query = new QueryReader(request.Query);
        var instanceId = query.Required("instanceId");
        var decision = Read(query, request, "attach", transactionId, instanceId) with { AlsoOf = instanceId };
        if (query.Problem is { } problem)
            return problem;
        if (await journeys.FindAsync(instanceId, client, cancellationToken) is not { } journey)
            return Problems.NotFound("journey");
        if (await ledger.FindAsync(transactionId, cancellationToken) is not { } record)
            return Problems.NotFound("settlement");
        if (AttachRules.Refuse(record.Settlement, journey) is { } refused)
            return refused;
        return await TakeAsync(
            record, decision, SettlementState.Attached, takesTwo: false,
            decided => ledger.AttachAsync(transactionId, instanceId, decided, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// <c>POST /api/operations/settlements/{transactionId}/handled?reference=&amp;reason=</c>: an operator settled it outside this app.
    /// </summary>
    [Function(nameof(MarkSettlementHandled))]
    public async Task<IResult> MarkSettlementHandled(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/settlements/{transactionId}/handled")] HttpRequest request,
        string transactionId,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var decision = Read(query, request, "handled", transactionId, about: null);
        if (query.Problem is { } problem)
            return problem;
        if (await ledger.FindAsync(transactionId, cancellationToken) is not { } record)
            return Problems.NotFound("settlement");
        return await TakeAsync(
            record, decision, SettlementState.Handled, takesTwo: false,
            decided => ledger.MarkHandledAsync(transactionId, decided, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// <c>POST /api/operations/settlements/{transactionId}/undo?reference=&amp;reason=</c>: takes back what operators decided; always by
    /// two people. The settlement is unclaimed again.
    /// </summary>
    [Function(nameof(UndoSettlementDecision))]
    public async Task<IResult> UndoSettlementDecision(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/settlements/{transactionId}/undo")] HttpRequest request,
        string transactionId,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var decision = Read(query, request, "undo", transactionId, about: null);
        if (query.Problem is { } problem)
            return problem;
        if (await ledger.FindAsync(transactionId, cancellationToken) is not { } record)
            return Problems.NotFound("settlement");
        if (record.State is not (SettlementState.Attached or SettlementState.Handled))
            return Contradiction(record);
        decision = decision with { About = record.State.ToString(), AlsoOf = record.Settlement.InstanceId };
        return await TakeAsync(
            record, decision, SettlementState.Unclaimed, takesTwo: true,
            decided => ledger.UndoAsync(transactionId, decided, cancellationToken), cancellationToken);
    }

    private static Decision Read(QueryReader query, HttpRequest request, string action, string transactionId, string? about)
        => new(action, transactionId, about, Actor.Of(request), query.Reference(), query.Reason());

    /// <summary>Nothing is proposed that could not be carried out now; what is repeated answers as it did.</summary>
    private Task<IResult> TakeAsync(
        SettlementRecord record, Decision decision, SettlementState state, bool takesTwo,
        Func<DecidedBy, Task<SettlementRecord?>> decide, CancellationToken cancellationToken)
    {
        var isRepeated = record.State == state && record.Reference == decision.Reference && record.Decided?.By == decision.Actor.Id;
        var isOpen = state == SettlementState.Unclaimed || record.State == SettlementState.Unclaimed;
        if (!isRepeated && !isOpen)
            return Task.FromResult(Contradiction(record));
        return isRepeated
            ? Task.FromResult(Results.Json(SettlementView.Of(record)))
            : decisions.TakeAsync(decision, takesTwo, CarryOutAsync, cancellationToken);

        async Task<CarriedOut> CarryOutAsync(DecidedBy decided)
        {
            try
            {
                var kept = await decide(decided);
                return kept is null
                    ? new(Problems.NotFound("settlement"), decided)
                    : new(Results.Json(SettlementView.Of(kept)), kept.Decided ?? decided);
            }
            catch (SettlementConflictException e)
            {
                return new(Contradiction(e.Existing), decided);
            }
        }
    }

    private static IResult Contradiction(SettlementRecord existing)
    {
        var owner = existing.Settlement.InstanceId is { } instance ? $", for journey {instance}" : "";
        return Problems.Conflict(
            "settlement-state",
            $"The settlement is {existing.State}{owner}",
            "Only unclaimed settlements can be attached or marked handled, and only what operators decided can be undone. "
                + "Nothing was changed.");
    }
}
