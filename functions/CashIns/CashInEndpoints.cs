using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;
using OmsWorkflows.Onboarding;

namespace OmsWorkflows.CashIns;

/// <summary>Cash-ins over HTTP.</summary>
public sealed class CashInEndpoints(
    JourneyStart start,
    Intakes intakes,
    JourneyReader reader,
    JourneyCommands commands,
    ApplicantSupply supply,
    IOptionsMonitor<CashInOptions> options,
    IOptionsMonitor<OnboardingOptions> onboarding,
    TimeProvider clock)
{
    /// <summary>What a cash-in is among the journeys.</summary>
    public static JourneyKind Kind { get; } = new(CashInWorkflow.Name, "ci", "/api/cash-ins");

    /// <summary>Starts a cash-in: 202 with <c>Location</c> and the status document.</summary>
    [Function(nameof(StartCashIn))]
    public Task<IResult> StartCashIn(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "cash-ins")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => start.ServeAsync(request, client, Kind, new StartCashInValidator(clock), ToIntake, cancellationToken);

    /// <summary>Reads a cash-in.</summary>
    [Function(nameof(GetCashIn))]
    public async Task<IResult> GetCashIn(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "cash-ins/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => await JourneyView.FindAsync(intakes, client, Kind, id, cancellationToken) is { } view
            ? await reader.ToResultAsync(view, cancellationToken)
            : Problems.NotFound("cash-in");

    /// <summary>
    /// Lists cash-ins, filtered by <c>customerId</c> and <c>phase</c>, <c>limit</c> at a time; pass <c>next</c> back as <c>after</c> for
    /// more.
    /// </summary>
    [Function(nameof(ListCashIns))]
    public Task<IResult> ListCashIns(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "cash-ins")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => JourneyList.ServeAsync(request, intakes, client, [Kind], cancellationToken);

    /// <summary>Asks for a fresh deposit code.</summary>
    [Function(nameof(RefreshDepositCode))]
    public Task<IResult> RefreshDepositCode(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "cash-ins/{id}/refresh")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => commands.SendAsync(request, client, Kind, id, JourneyCommand.Refresh, cancellationToken);

    /// <summary>Cancels a cash-in as far as that can be done: a code that is out has to run out.</summary>
    [Function(nameof(CancelCashIn))]
    public Task<IResult> CancelCashIn(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "cash-ins/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => commands.SendAsync(request, client, Kind, id, JourneyCommand.Cancel, cancellationToken);

    /// <summary>Supplies what the endorsements list as missing.</summary>
    /// <param name="request">The request; its body holds the applicant's fields that change.</param>
    [Function(nameof(SupplyForCashIn))]
    public Task<IResult> SupplyForCashIn(
        [HttpTrigger(AuthorizationLevel.Function, "patch", Route = "cash-ins/{id}/applicant")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => supply.ServeAsync(request, client, Kind, id, cancellationToken);

    /// <summary>
    /// An operator says what became of the money: <c>?outcome=&amp;reference=&amp;reason=</c>. The journey ends as failed, and the
    /// settlement, if one comes, is unclaimed.
    /// </summary>
    [Function(nameof(ResolveCashIn))]
    public Task<IResult> ResolveCashIn(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "cash-ins/{id}/resolve")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => commands.ResolveAsync(request, client, Kind, id, cancellationToken);

    private Intake ToIntake(string instanceId, StartCashInRequest body)
    {
        var input = new CashInInput(body.CustomerId, body.WalletId, body.IndicatedAmount, onboarding.CurrentValue, options.CurrentValue);
        var location = body.Location!;
        return new Intake
        {
            InstanceId = instanceId,
            Orchestration = CashInWorkflow.Name,
            Input = JsonSerializer.Serialize(input),
            Applicant = body.Applicant is { } applicant ? new(applicant) : null,
            CustomerId = body.CustomerId,
            LocationId = location.Id,
            LocationReference = location.Reference,
            LocationPlace = location.Id is null ? null : location.ToPlace(),
            StoreNear = location.Id is null && location.ToPlace() is { } near ? new(near) : null,
        };
    }
}
