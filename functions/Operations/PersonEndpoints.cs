using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Http;
using OmsWorkflows.Oms;

namespace OmsWorkflows.Operations;

/// <summary>Requests of persons about their data, for operators.</summary>
public sealed class PersonEndpoints(PersonRemoval removal)
{
    /// <summary>
    /// Removes what is kept of a person, by <c>customerId</c>, <c>externalId</c> or <c>journeyId</c>. The ids stand in the body, because
    /// addresses are logged.
    /// </summary>
    [Function(nameof(RemovePerson))]
    public async Task<IResult> RemovePerson(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "operations/persons/remove")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, new RemovePersonValidator(), cancellationToken);
        if (!body.IsValid)
            return body.Problem;
        try
        {
            return Results.Json(await removal.RemoveAsync(body.Value, client, cancellationToken), ApiJson.Options);
        }
        catch (OmsException)
        {
            // The client has logged it.
            return Problems.OmsFailed("OMS could not say whose the externalId is, and nothing was removed: try again later.");
        }
    }
}

/// <summary>Checks the body of <c>POST /api/operations/persons/remove</c>.</summary>
internal sealed class RemovePersonValidator : AbstractValidator<RemovePersonRequest>
{
    private const int Longest = 255;

    public RemovePersonValidator()
    {
        RuleFor(request => request)
            .Must(request => ((string?[])[request.CustomerId, request.ExternalId, request.JourneyId]).Count(id => id is not null) == 1)
            .OverridePropertyName("body")
            .WithMessage("needs exactly one of customerId, externalId and journeyId");
        RuleFor(request => request.CustomerId).Length(1, Longest).WithMessage(Rule);
        RuleFor(request => request.ExternalId).Length(1, Longest).WithMessage(Rule);
        RuleFor(request => request.JourneyId).Length(1, Longest).WithMessage(Rule);
    }

    private static string Rule => $"must have 1 to {Longest} characters";
}
