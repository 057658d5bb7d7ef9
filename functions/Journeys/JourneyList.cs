using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Operations;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Journeys;

/// <summary>One page of a list of journeys.</summary>
/// <param name="CustomerId">Only this customer's.</param>
/// <param name="Phase">Only those in this phase.</param>
/// <param name="Limit">How many rows are looked at; a page can hold fewer when a phase is asked for.</param>
/// <param name="After">Where the page before ended.</param>
internal sealed record JourneyList(string? CustomerId, JourneyPhase? Phase, int Limit, string? After)
{
    private const int MaxLimit = 100;

    /// <summary>Serves a list: one page, or a problem that says what is wrong with the query string.</summary>
    public static async Task<IResult> ServeAsync(HttpRequest request, Intakes intakes, DurableTaskClient client, JourneyKind kind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (list, problem) = Parse(request.Query);
        return problem ?? await list!.ReadAsync(intakes, client, kind, cancellationToken);
    }

    private static (JourneyList? List, IResult? Problem) Parse(IQueryCollection query)
    {
        var errors = new Dictionary<string, string[]>();
        JourneyPhase? phase = null;
        if (query["phase"].ToString() is { Length: > 0 } phaseText)
        {
            if (Enum.TryParse<JourneyPhase>(phaseText, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) && !char.IsAsciiDigit(phaseText[0]))
                phase = parsed;
            else
                errors["phase"] = [$"must be one of {string.Join(", ", Enum.GetNames<JourneyPhase>())}"];
        }

        var limit = 20;
        if (query["limit"].ToString() is { Length: > 0 } limitText && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
            errors["limit"] = [$"must be a whole number from 1 to {MaxLimit}"];

        string? after = null;
        if (query["after"].ToString() is { Length: > 0 } afterText)
        {
            if (Base64Url.IsValid(afterText))
                after = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(afterText));
            else
                errors["after"] = ["must be the 'next' of the page before"];
        }

        var customerId = query["customerId"].ToString();
        return errors.Count > 0 ? (null, Problems.Validation(errors)) : (new(customerId.Length > 0 ? customerId : null, phase, limit, after), null);
    }

    private async Task<IResult> ReadAsync(Intakes intakes, DurableTaskClient client, JourneyKind kind, CancellationToken cancellationToken)
    {
        var (page, next) = await intakes.ListAsync(kind.Orchestration, CustomerId, Limit, After, cancellationToken);
        var data = new JsonArray();
        foreach (var intake in page)
        {
            var view = await JourneyView.OfAsync(kind, intake, client, cancellationToken);
            if (Phase is null || view.Status.Phase == Phase)
                data.Add(view.ToDocument());
        }

        var answer = new JsonObject { ["data"] = data };
        if (next is not null)
            answer["next"] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(next));
        return Results.Json(answer, JourneyJson.Options);
    }
}
