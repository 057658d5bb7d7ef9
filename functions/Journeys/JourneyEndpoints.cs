using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Http;

namespace OmsWorkflows.Journeys;

/// <summary>All journeys over HTTP, whatever their kind.</summary>
public sealed class JourneyEndpoints(
    IEnumerable<JourneyKind> kinds, Intakes intakes, JourneySearch search, JourneyReader reader, JourneyCommands commands)
{
    private readonly JourneyKind[] _kinds = [.. kinds];

    /// <summary>
    /// Lists journeys of all kinds, filtered by <c>kind</c>, <c>phase</c>, <c>customerId</c>, <c>overdue</c> and when they were asked for;
    /// or those that <c>find</c> names by any id: the journey's; a customer's, a wallet's, a cash-in's or a transaction's at OMS; a deposit
    /// code; the caller's own id of the person.
    /// </summary>
    [Function(nameof(ListJourneys))]
    public async Task<IResult> ListJourneys(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "journeys")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.Query.ContainsKey("find"))
            return await JourneyList.ServeAsync(request, intakes, client, _kinds, cancellationToken);

        var query = new QueryReader(request.Query);
        var id = query.Id("find");
        return query.Problem ?? JourneyList.ToResult(await search.FindAsync(id ?? "", client, cancellationToken));
    }

    /// <summary>Reads a journey of any kind.</summary>
    /// <param name="id">The journey.</param>
    [Function(nameof(GetJourney))]
    public async Task<IResult> GetJourney(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "journeys/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => await search.GetAsync(id, client, cancellationToken) is { } view
            ? await reader.ToResultAsync(view, cancellationToken)
            : Problems.NotFound("journey");

    /// <summary>Has the journey ask OMS at once how things stand.</summary>
    [Function(nameof(AskNow))]
    public async Task<IResult> AskNow(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "journeys/{id}/ask")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => await search.GetAsync(id, client, cancellationToken) is { } view
            ? await commands.SendAsync(request, client, view.Kind, id, JourneyCommand.Ask, cancellationToken)
            : Problems.NotFound("journey");
}
