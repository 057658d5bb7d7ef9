using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using OmsWorkflows.Http;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Journeys;

/// <summary>A journey as callers see it: the intake row and the orchestration's custom status as one document.</summary>
/// <param name="Intake">The row it started from.</param>
/// <param name="Status">Where it stands.</param>
public sealed record JourneyView(JourneyKind Kind, Intake Intake, JourneyStatus Status)
{
    /// <summary>Code of a journey whose history is no longer kept.</summary>
    internal const string HistoryGoneCode = "history_gone";

    /// <summary>Reads a journey; <see langword="null"/> if there is none of that kind.</summary>
    public static async Task<JourneyView?> FindAsync(
        Intakes intakes, DurableTaskClient client, JourneyKind kind, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(intakes);
        ArgumentNullException.ThrowIfNull(client);
        AppTelemetry.TagJourney(id);
        var intake = await intakes.FindAsync(id, cancellationToken);
        return intake is null || intake.Orchestration != kind.Orchestration ? null : await OfAsync(kind, intake, client, cancellationToken);
    }

    /// <summary>Reads the state of a stored intake.</summary>
    public static async Task<JourneyView> OfAsync(
        JourneyKind kind, Intake intake, DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intake);
        ArgumentNullException.ThrowIfNull(client);
        var instance = await client.GetInstanceAsync(intake.InstanceId, getInputsAndOutputs: true, cancellationToken);
        if (instance is null && intake.State == IntakeState.Started)
            return new(kind, intake, Gone(intake));

        return new(kind, intake, instance is null ? new JourneyStatus { Since = intake.ReceivedAt } : StatusOf(instance));
    }

    /// <summary>The status of an orchestration that was read with its custom status.</summary>
    public static JourneyStatus StatusOf(OrchestrationMetadata instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        var status = instance.SerializedCustomStatus is null ? null : ReadStatus(instance);
        status ??= new JourneyStatus { Since = instance.CreatedAt };
        if (instance.RuntimeStatus is not (OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated))
            return status;

        return status with
        {
            Phase = JourneyPhase.NeedsReview,
            Ended = true,
            Awaiting = "an operator to look at the orchestration",
            Reason = new(
                "orchestration_stopped",
                "The orchestration stopped without coming to an end. "
                    + "Look at it by its id in the durable store, and at OMS for the money."),
        };
    }

    /// <summary>One status that cannot be read must not stop a list of many.</summary>
    private static JourneyStatus? ReadStatus(OrchestrationMetadata instance)
    {
        try
        {
            return instance.ReadCustomStatusAs<JourneyStatus>();
        }
        catch (JsonException)
        {
            return new()
            {
                Phase = JourneyPhase.Unknown,
                Since = instance.LastUpdatedAt,
                Reason = new(
                    "status_unreadable", "Another version of the app wrote the status. It is readable there; the journey goes on."),
            };
        }
    }

    private static JourneyStatus Gone(Intake intake) => new()
    {
        Phase = JourneyPhase.NeedsReview,
        Since = intake.ReceivedAt,
        Ended = true,
        CustomerId = intake.CustomerId,
        Reason = new(
            HistoryGoneCode, "The journey ran, but its history is no longer kept. What it booked is in the ledger of settlements."),
    };

    /// <summary>The document with links to what can be done next.</summary>
    public JsonObject ToDocument()
    {
        var document = new JsonObject
        {
            ["id"] = Intake.InstanceId,
            ["kind"] = Kind.Orchestration,
            ["receivedAt"] = JsonSerializer.SerializeToNode(Intake.ReceivedAt),
        };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(Status, ApiJson.Options)!.AsObject().ToList())
            document[name] = value?.DeepClone();
        var self = $"{Kind.Path}/{Intake.InstanceId}";
        var links = new JsonObject { ["self"] = self };
        foreach (var command in JourneyCommand.PossibleIn(Status))
            links[command.Name] = command.IsForAnyKind ? $"/api/journeys/{Intake.InstanceId}/{command.Name}" : $"{self}/{command.Name}";
        document["links"] = links;
        return document;
    }

    /// <summary>The document as an answer.</summary>
    /// <param name="note">What has to be known about the document.</param>
    public IResult ToResult(int statusCode = StatusCodes.Status200OK, string? note = null)
    {
        var document = ToDocument();
        if (note is not null)
            document["note"] = note;
        return Results.Json(document, ApiJson.Options, statusCode: statusCode);
    }
}
