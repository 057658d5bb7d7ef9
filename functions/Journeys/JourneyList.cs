using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Http;

namespace OmsWorkflows.Journeys;

/// <summary>
/// A list of journeys, a page at a time; the query string narrows it down: <c>customerId</c>, <c>phase</c>, <c>overdue</c>, <c>from</c>,
/// <c>to</c> (of the request that started them), <c>limit</c>, <c>after</c>, and <c>kind</c> where there are several.
/// </summary>
internal static class JourneyList
{
    private const int StandardLimit = 20;
    private const int MaxLimit = 100;

    /// <summary>
    /// Serves one page, the newest first, or a problem that says what is wrong with the query string. The limit counts what is answered.
    /// </summary>
    public static async Task<IResult> ServeAsync(
        HttpRequest request,
        Intakes intakes,
        DurableTaskClient client,
        IReadOnlyCollection<JourneyKind> kinds,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var query = new QueryReader(request.Query);
        var kind = kinds.Count == 1 ? kinds.First() : Kind(query, kinds);
        var wanted = new JourneyFilter(
            query.Id("customerId"), query.Choice<JourneyPhase>("phase"), query.Flag("overdue"), query.Time("from"), query.Time("to"));
        var limit = query.Limit(StandardLimit, MaxLimit);
        var list = $"{kind?.Orchestration}/{wanted}";
        var after = query.After(list);
        if (query.Problem is { } problem)
            return problem;

        var (page, next) = await new JourneyLists(intakes).ReadAsync(
            kind is null ? kinds : [kind], wanted, limit, after, client, cancellationToken);
        return ToResult(page, PageToken.Encode(list, next));
    }

    /// <summary>One page as an answer.</summary>
    public static IResult ToResult(IEnumerable<JourneyView> data, string? next = null)
    {
        var answer = new JsonObject { ["data"] = new JsonArray([.. data.Select(view => view.ToDocument())]) };
        if (next is not null)
            answer["next"] = next;
        return Results.Json(answer, ApiJson.Options);
    }

    private static JourneyKind? Kind(QueryReader query, IReadOnlyCollection<JourneyKind> kinds)
    {
        if (query.Optional("kind") is not { } name)
            return null;
        if (kinds.FirstOrDefault(kind => string.Equals(kind.Orchestration, name, StringComparison.OrdinalIgnoreCase)) is { } known)
            return known;
        query.Refuse("kind", $"must be one of {string.Join(", ", kinds.Select(kind => kind.Orchestration))}");
        return null;
    }
}
