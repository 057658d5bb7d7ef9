using FluentValidation;
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

    /// <summary>
    /// The journeys of whoever gave an e-mail address, found by its keyed hash. The address stands in the body, because those of requests
    /// are logged.
    /// </summary>
    [Function(nameof(FindJourneysByEmail))]
    public async Task<IResult> FindJourneysByEmail(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "journeys/find")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, new FindByEmailValidator(), cancellationToken);
        return body.IsValid
            ? JourneyList.ToResult(await search.FindByEmailAsync(body.Value.Email!, client, cancellationToken))
            : body.Problem;
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
            ? await commands.SendAsync(request, client, view, JourneyCommand.Ask, cancellationToken)
            : Problems.NotFound("journey");
}

/// <summary>Body of <c>POST /api/journeys/find</c>.</summary>
public sealed record FindByEmailRequest
{
    /// <summary>The e-mail address of the person; case and blanks around it do not matter.</summary>
    public string? Email { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(FindByEmailRequest);
}

/// <summary>Checks the body of <c>POST /api/journeys/find</c>.</summary>
internal sealed class FindByEmailValidator : AbstractValidator<FindByEmailRequest>
{
    private const int Longest = 320;

    public FindByEmailValidator()
        => RuleFor(request => request.Email).NotEmpty().WithMessage("is required")
            .MaximumLength(Longest).WithMessage($"must have at most {Longest} characters");
}
