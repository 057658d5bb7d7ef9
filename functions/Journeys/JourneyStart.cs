using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using OmsWorkflows.Storage;

namespace OmsWorkflows.Journeys;

/// <summary>How a start ended.</summary>
public enum StartOutcome
{
    /// <summary>The journey is stored and will run, now or by the sweeper.</summary>
    Started = 0,

    /// <summary>The same request came before; the journey is the one it started.</summary>
    Existing,

    /// <summary>The key was used for another request.</summary>
    KeyReused,
}

/// <summary>Starts journeys: the intake row first, then the orchestration (DESIGN 4.8). A crash in between is mended by the sweeper.</summary>
public sealed class JourneyStart(Intakes intakes, TimeProvider clock, ILogger<JourneyStart> logger)
{
    /// <summary>Stores and starts a journey.</summary>
    /// <param name="client">The durable client.</param>
    /// <param name="intake">What to start. Its hash and time are set here.</param>
    /// <param name="request">The request as read, to recognise it again.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    public async Task<StartOutcome> StartAsync(DurableTaskClient client, Intake intake, object request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intake);
        ArgumentNullException.ThrowIfNull(request);
        var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request, request.GetType(), JourneyJson.Options)));
        intake = intake with { RequestHash = hash, ReceivedAt = clock.GetUtcNow() };
        var isNew = await intakes.AddAsync(intake, cancellationToken);
        if (!isNew)
        {
            var existing = await intakes.FindAsync(intake.InstanceId, cancellationToken)
                ?? throw new InvalidOperationException($"The intake of journey {intake.InstanceId} was removed while it was read.");
            if (existing.RequestHash != hash)
                return StartOutcome.KeyReused;
            intake = existing;
        }

        if (intake.State == IntakeState.Accepted)
            await ScheduleAsync(client, intake, cancellationToken);
        return isNew ? StartOutcome.Started : StartOutcome.Existing;
    }

    /// <summary>Starts the orchestration of a stored intake, unless it runs already, and notes that it did.</summary>
    /// <param name="client">The durable client.</param>
    /// <param name="intake">The stored intake.</param>
    /// <param name="cancellationToken">Cancelled when the app stops.</param>
    public async Task ScheduleAsync(DurableTaskClient client, Intake intake, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(intake);
        if (await client.GetInstanceAsync(intake.InstanceId, cancellationToken) is null)
        {
            var options = new StartOrchestrationOptions(intake.InstanceId).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
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

        await intakes.UpdateAsync(intake.InstanceId, row => row with { State = IntakeState.Started }, cancellationToken);
    }
}
