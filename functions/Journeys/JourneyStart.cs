using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Http;
using OmsWorkflows.Outbox;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Journeys;

/// <summary>
/// Starts journeys: the intake row first, then the orchestration (docs/decisions/0003-idempotency-keys.md). A crash in between is mended
/// by the sweeper.
/// </summary>
public sealed class JourneyStart(Intakes intakes, OutboxWriter outbox, TimeProvider clock, ILogger<JourneyStart> logger)
{
    /// <summary>What every journey's input calls it.</summary>
    internal const string ToldMember = "Tells";

    /// <summary>
    /// Serves a start: 202 with <c>Location</c> and the status document, the same for the same request again, or a problem that says what
    /// is wrong.
    /// </summary>
    /// <typeparam name="T">The body.</typeparam>
    /// <param name="request">The request, with an <c>Idempotency-Key</c>.</param>
    /// <param name="validator">What the body has to be.</param>
    /// <param name="toIntake">The intake of a valid body, given the journey's id.</param>
    public async Task<IResult> ServeAsync<T>(
        HttpRequest request,
        DurableTaskClient client,
        JourneyKind kind,
        IValidator<T> validator,
        Func<string, T, Intake> toIntake,
        CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(toIntake);
        var key = IdempotencyKey.Read(request);
        if (!key.IsValid)
            return key.Problem;
        var body = await RequestBody.ReadAsync(request, validator, cancellationToken);
        if (!body.IsValid)
            return body.Problem;

        var id = JourneyId.From(kind.Prefix, Actor.Of(request).Scope(key.Value));
        AppTelemetry.TagJourney(id);
        if (await StartAsync(client, toIntake(id, body.Value), body.Value, cancellationToken) is not { } started)
            return KeyReused();

        request.HttpContext.Response.Headers.Location = $"{kind.Path}/{id}";
        var view = await JourneyView.OfAsync(kind, started, client, cancellationToken);
        return view.ToResult(StatusCodes.Status202Accepted);
    }

    /// <summary>
    /// Stores an intake and starts its journey, unless the same request did before; null if the key was used for another one.
    /// </summary>
    private async Task<Intake?> StartAsync(DurableTaskClient client, Intake intake, object body, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), ApiJson.Options)));
        intake = intake with
        {
            RequestHash = hash,
            ReceivedAt = clock.GetUtcNow(),
            Input = outbox.IsOn ? Telling(intake.Input) : intake.Input,
        };
        if (!await intakes.AddAsync(intake, cancellationToken))
        {
            intake = await intakes.FindAsync(intake.InstanceId, cancellationToken)
                ?? throw new InvalidOperationException($"The intake of journey {intake.InstanceId} was removed while it was read.");
            if (intake.RequestHash != hash)
                return null;
        }

        if (intake.State == IntakeState.Accepted)
            await ScheduleAsync(client, intake, cancellationToken);
        return intake with { State = IntakeState.Started };
    }

    /// <summary>The input of a journey whose milestones are told. The others carry nothing of it.</summary>
    private static string Telling(string input)
    {
        var telling = JsonNode.Parse(input)!.AsObject();
        telling[ToldMember] = true;
        return telling.ToJsonString();
    }

    private static IResult KeyReused() => Problems.Conflict(
        "idempotency-key-reused",
        "This Idempotency-Key was used for another request",
        "Use a new key for a new request; repeat the first request byte for byte to get its journey.");

    /// <summary>
    /// Starts the orchestration of a stored intake, unless it runs already, and takes it off the list of those to be started.
    /// </summary>
    public async Task ScheduleAsync(DurableTaskClient client, Intake intake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(intake);
        if (await client.GetInstanceAsync(intake.InstanceId, cancellationToken) is null)
        {
            var options = new StartOrchestrationOptions(intake.InstanceId).WithDedupeStatuses(
                [.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
            using var input = JsonDocument.Parse(intake.Input);
            try
            {
                await client.ScheduleNewOrchestrationInstanceAsync(intake.Orchestration, input.RootElement, options, cancellationToken);
                logger.JourneyStarted(intake.InstanceId, intake.Orchestration);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Two starts of the same journey can meet here; each backend says so with an exception of its own.
                if (await client.GetInstanceAsync(intake.InstanceId, cancellationToken) is null)
                    throw;
            }
        }

        await intakes.Index.StartedAsync(intake, cancellationToken);
    }
}
