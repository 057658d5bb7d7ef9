using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Http;

namespace OmsWorkflows.Journeys;

/// <summary>
/// A list of journeys, a page at a time; the query string narrows it down: <c>customerId</c>, <c>phase</c>, <c>limit</c>, <c>after</c>.
/// </summary>
internal static class JourneyList
{
    private const int StandardLimit = 20;
    private const int MaxLimit = 100;

    /// <summary>
    /// Serves one page, or a problem that says what is wrong with the query string. The limit counts the rows that are looked at, so a page
    /// can hold fewer when a phase is asked for.
    /// </summary>
    public static async Task<IResult> ServeAsync(
        HttpRequest request, Intakes intakes, DurableTaskClient client, JourneyKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var customerId = query.Optional("customerId");
        var phase = query.Choice<JourneyPhase>("phase");
        var limit = query.Limit(StandardLimit, MaxLimit);
        var after = query.After();
        if (query.Problem is { } problem)
            return problem;

        var (page, next) = await intakes.ListAsync(kind.Orchestration, customerId, limit, PageToken.Decode(after), cancellationToken);
        var data = new JsonArray();
        foreach (var intake in page)
        {
            var view = await JourneyView.OfAsync(kind, intake, client, cancellationToken);
            if (phase is null || view.Status.Phase == phase)
                data.Add(view.ToDocument());
        }

        var answer = new JsonObject { ["data"] = data };
        if (next is not null)
            answer["next"] = PageToken.Encode(next);
        return Results.Json(answer, ApiJson.Options);
    }
}
