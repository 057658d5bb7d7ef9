using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DurableTask.Core;
using DurableTask.Core.History;
using Microsoft.DurableTask.Client;

namespace DurableTask.Testing;

/// <summary>
/// What an orchestration did, as it stands in a store: its start and every event after it, in a form that is read, compared and checked in.
/// Events are those of an orchestrator that calls activities, sets timers, sends and takes events.
/// </summary>
/// <param name="Name">The orchestrator.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="Input">Its input, serialized.</param>
/// <param name="Events">Its history, in order.</param>
public sealed record RecordedHistory(string Name, string InstanceId, string? Input, IReadOnlyList<HistoryEvent> Events)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Records what an instance did so far; after a continue-as-new, what it did since.</summary>
    /// <exception cref="ArgumentException">There is no such instance.</exception>
    public static async Task<RecordedHistory> OfAsync(
        DurableTaskClient client, string instanceId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var instance = await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken)
            ?? throw new ArgumentException($"There is no instance {instanceId}.", nameof(instanceId));
        var events = await client.GetOrchestrationHistoryAsync(instanceId, cancellationToken);
        return new(instance.Name, instanceId, instance.SerializedInput, [.. events]);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static RecordedHistory Read(string text)
    {
        var json = JsonNode.Parse(text)!;
        var events = json["events"]!.AsArray().Select(each => ReadEvent(each!));
        return new(Text(json, "name")!, Text(json, "instanceId")!, Text(json, "input"), [.. events]);
    }

    /// <summary>As indented JSON. Ids that differ from run to run are left out.</summary>
    /// <exception cref="NotSupportedException">The history has an event of a kind that is not recorded.</exception>
    public string Write() => new JsonObject
    {
        ["name"] = Name,
        ["instanceId"] = InstanceId,
        ["input"] = Input,
        ["events"] = new JsonArray([.. Events.Select(WriteEvent)]),
    }.ToJsonString(Indented) + "\n";

    private static JsonObject WriteEvent(HistoryEvent e)
    {
        var json = new JsonObject { ["event"] = e.EventType.ToString(), ["id"] = e.EventId, ["at"] = e.Timestamp };
        switch (e)
        {
            case TaskScheduledEvent x:
                (json["name"], json["input"]) = (x.Name, x.Input);
                break;
            case TaskCompletedEvent x:
                (json["of"], json["result"]) = (x.TaskScheduledId, x.Result);
                break;
            case TaskFailedEvent x:
                json["of"] = x.TaskScheduledId;
                (json["type"], json["message"]) = (x.FailureDetails!.ErrorType, x.FailureDetails.ErrorMessage);
                break;
            case TimerCreatedEvent x:
                json["fireAt"] = x.FireAt;
                break;
            case TimerFiredEvent x:
                (json["of"], json["fireAt"]) = (x.TimerId, x.FireAt);
                break;
            case EventRaisedEvent x:
                (json["name"], json["input"]) = (x.Name, x.Input);
                break;
            case EventSentEvent x:
                (json["to"], json["name"], json["input"]) = (x.InstanceId, x.Name, x.Input);
                break;
            case ExecutionStartedEvent x:
                json["version"] = x.Version;
                break;
            case ExecutionCompletedEvent or OrchestratorStartedEvent or OrchestratorCompletedEvent:
                break;
            default:
                throw new NotSupportedException($"An event of this kind is not recorded: {e.EventType}.");
        }

        return json;
    }

    private static HistoryEvent ReadEvent(JsonNode json)
    {
        var (id, of) = (json["id"]!.GetValue<int>(), json["of"]?.GetValue<int>() ?? 0);
        var fireAt = json["fireAt"]?.GetValue<DateTime>() ?? default;
        HistoryEvent e = Enum.Parse<EventType>(Text(json, "event")!) switch
        {
            EventType.TaskScheduled => new TaskScheduledEvent(id) { Name = Text(json, "name"), Input = Text(json, "input") },
            EventType.TaskCompleted => new TaskCompletedEvent(id, of, Text(json, "result")),
            EventType.TaskFailed => new TaskFailedEvent(
                id, of, null, null, new FailureDetails(Text(json, "type")!, Text(json, "message")!, null, null, false)),
            EventType.TimerCreated => new TimerCreatedEvent(id, fireAt),
            EventType.TimerFired => new TimerFiredEvent(id, fireAt) { TimerId = of },
            EventType.EventRaised => new EventRaisedEvent(id, Text(json, "input")) { Name = Text(json, "name") },
            EventType.EventSent =>
                new EventSentEvent(id) { InstanceId = Text(json, "to"), Name = Text(json, "name"), Input = Text(json, "input") },
            EventType.ExecutionStarted => new ExecutionStartedEvent(id, null) { Version = Text(json, "version") },
            EventType.ExecutionCompleted => new ExecutionCompletedEvent(id, null, OrchestrationStatus.Completed),
            EventType.OrchestratorStarted => new OrchestratorStartedEvent(id),
            EventType.OrchestratorCompleted => new OrchestratorCompletedEvent(id),
            var other => throw new NotSupportedException($"An event of this kind is not recorded: {other}."),
        };
        e.Timestamp = json["at"]!.GetValue<DateTime>();
        return e;
    }

    private static string? Text(JsonNode json, string name) => json[name]?.GetValue<string>();
}
