using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using DurableTask.Core;
using DurableTask.Core.History;

namespace OmsWorkflows.Functions.Tests.Recorded;

/// <summary>What a journey of some released version did, as it stands in a store: the start and every event after it.</summary>
internal sealed record RecordedHistory(string Name, string InstanceId, string Input, IReadOnlyList<HistoryEvent> Events)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static RecordedHistory Read(string text)
    {
        var json = JsonNode.Parse(text)!;
        return new(
            Text(json, "name")!,
            Text(json, "instanceId")!,
            Text(json, "input")!,
            [.. json["events"]!.AsArray().Select(each => ReadEvent(each!))]);
    }

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
                (json["of"], json["type"], json["message"])
                    = (x.TaskScheduledId, x.FailureDetails!.ErrorType, x.FailureDetails.ErrorMessage);
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
            case ExecutionStartedEvent or ExecutionCompletedEvent or OrchestratorStartedEvent or OrchestratorCompletedEvent:
                break;
            default:
                throw new NotSupportedException($"No journey is known to do this: {e.EventType}.");
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
            EventType.ExecutionStarted => new ExecutionStartedEvent(id, null),
            EventType.ExecutionCompleted => new ExecutionCompletedEvent(id, null, OrchestrationStatus.Completed),
            EventType.OrchestratorStarted => new OrchestratorStartedEvent(id),
            EventType.OrchestratorCompleted => new OrchestratorCompletedEvent(id),
            var other => throw new NotSupportedException($"No journey is known to do this: {other}."),
        };
        e.Timestamp = json["at"]!.GetValue<DateTime>();
        return e;
    }

    private static string? Text(JsonNode json, string name) => json[name]?.GetValue<string>();
}
