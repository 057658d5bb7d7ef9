using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;
using OmsWorkflows.Journeys;
using OmsWorkflows.Operations;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Onboarding;

/// <summary>Body of <c>POST /api/onboardings</c>.</summary>
/// <param name="Applicant">The person.</param>
public sealed record StartOnboardingRequest(Applicant? Applicant);

/// <summary>Onboardings over HTTP.</summary>
public sealed class OnboardingEndpoints(JourneyStart start, Intakes intakes, JourneyCommands commands, IOptionsMonitor<OnboardingOptions> options, TimeProvider clock)
{
    private const string Path = "/api/onboardings";

    /// <summary>Starts an onboarding: 202 with <c>Location</c> and the status document.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">The durable client.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    [Function(nameof(StartOnboarding))]
    public async Task<IResult> StartOnboarding(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "onboardings")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (key, keyProblem) = JourneyRequests.ReadKey(request);
        if (keyProblem is not null)
            return keyProblem;
        var (body, bodyProblem) = await RequestBody.ReadAsync<StartOnboardingRequest>(request, cancellationToken);
        if (bodyProblem is not null)
            return bodyProblem;
        if (JourneyRequests.Validate(new StartOnboardingValidator(clock), body!) is { } invalid)
            return invalid;

        var intake = new Intake
        {
            InstanceId = JourneyId.From("onb", key!),
            Orchestration = OnboardingWorkflow.Name,
            RequestHash = "",
            Input = JsonSerializer.Serialize(new OnboardingInput(options.CurrentValue.ToPolicy())),
            ReceivedAt = default,
            Applicant = new(body!.Applicant!),
        };
        if (await start.StartAsync(client, intake, body, cancellationToken) == StartOutcome.KeyReused)
            return JourneyRequests.KeyReused();

        request.HttpContext.Response.Headers.Location = $"{Path}/{intake.InstanceId}";
        var view = await JourneyView.FindAsync(intakes, client, OnboardingWorkflow.Name, intake.InstanceId, cancellationToken);
        return view!.ToResult(Path, JourneyCommands.PossibleFor(view.Status), StatusCodes.Status202Accepted);
    }

    /// <summary>Reads an onboarding.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The onboarding.</param>
    /// <param name="client">The durable client.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    [Function(nameof(GetOnboarding))]
    public async Task<IResult> GetOnboarding(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "onboardings/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => await JourneyView.FindAsync(intakes, client, OnboardingWorkflow.Name, id, cancellationToken) is { } view
            ? view.ToResult(Path, JourneyCommands.PossibleFor(view.Status))
            : Problems.NotFound("onboarding");

    /// <summary>Cancels an onboarding.</summary>
    /// <param name="request">The request.</param>
    /// <param name="id">The onboarding.</param>
    /// <param name="client">The durable client.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    [Function(nameof(CancelOnboarding))]
    public Task<IResult> CancelOnboarding(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "onboardings/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => commands.SendAsync(request, client, OnboardingWorkflow.Name, Path, id, JourneyCommands.Cancel, cancellationToken);

    /// <summary>Supplies what the endorsements list as missing: 202 with the status document.</summary>
    /// <param name="request">The request; its body holds the applicant's fields that change.</param>
    /// <param name="id">The onboarding.</param>
    /// <param name="client">The durable client.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    [Function(nameof(SupplyForOnboarding))]
    public Task<IResult> SupplyForOnboarding(
        [HttpTrigger(AuthorizationLevel.Function, "patch", Route = "onboardings/{id}/applicant")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => commands.SupplyAsync(request, client, OnboardingWorkflow.Name, Path, id, cancellationToken);
}
