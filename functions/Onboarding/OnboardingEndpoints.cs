using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;
using OmsWorkflows.Http;
using OmsWorkflows.Journeys;

namespace OmsWorkflows.Onboarding;

/// <summary>Body of <c>POST /api/onboardings</c>.</summary>
/// <param name="Applicant">The person.</param>
public sealed record StartOnboardingRequest(Applicant? Applicant);

/// <summary>Onboardings over HTTP.</summary>
public sealed class OnboardingEndpoints(
    JourneyStart start,
    Intakes intakes,
    JourneyReader reader,
    JourneyCommands commands,
    ApplicantSupply supply,
    IOptionsMonitor<OnboardingOptions> options,
    TimeProvider clock)
{
    /// <summary>What an onboarding is among the journeys.</summary>
    public static JourneyKind Kind { get; } = new(OnboardingWorkflow.Name, "onb", "/api/onboardings");

    /// <summary>Starts an onboarding: 202 with <c>Location</c> and the status document.</summary>
    [Function(nameof(StartOnboarding))]
    public Task<IResult> StartOnboarding(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "onboardings")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => start.ServeAsync(request, client, Kind, new StartOnboardingValidator(clock), ToIntake, cancellationToken);

    /// <summary>Reads an onboarding.</summary>
    [Function(nameof(GetOnboarding))]
    public async Task<IResult> GetOnboarding(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "onboardings/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => await JourneyView.FindAsync(intakes, client, Kind, id, cancellationToken) is { } view
            ? await reader.ToResultAsync(view, cancellationToken)
            : Problems.NotFound("onboarding");

    /// <summary>Cancels an onboarding.</summary>
    [Function(nameof(CancelOnboarding))]
    public Task<IResult> CancelOnboarding(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "onboardings/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => commands.SendAsync(request, client, Kind, id, JourneyCommand.Cancel, cancellationToken);

    /// <summary>Supplies what the endorsements list as missing: 202 with the status document.</summary>
    /// <param name="request">The request; its body holds the applicant's fields that change.</param>
    [Function(nameof(SupplyForOnboarding))]
    public Task<IResult> SupplyForOnboarding(
        [HttpTrigger(AuthorizationLevel.Function, "patch", Route = "onboardings/{id}/applicant")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
        => supply.ServeAsync(request, client, Kind, id, cancellationToken);

    private Intake ToIntake(string instanceId, StartOnboardingRequest body) => new()
    {
        InstanceId = instanceId,
        Orchestration = OnboardingWorkflow.Name,
        Input = JsonSerializer.Serialize(new OnboardingInput(options.CurrentValue)),
        Applicant = new(body.Applicant!),
    };
}
