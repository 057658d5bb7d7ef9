using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Tracing;
using Newtonsoft.Json;

namespace DurableTask.Sqlite.Storage;

/// <summary>
/// History events and messages as blobs. Each kind is described once, for writing and for reading: the members go through the blob in
/// order. The input of an <see cref="ExecutionStartedEvent"/> is left out: it is kept once, with the instance.
/// </summary>
internal static class Codec
{
    public static byte[] Write(IReadOnlyCollection<HistoryEvent> events)
    {
        var blob = Blob.ToWrite();
        blob.Number(events.Count);
        foreach (var one in events)
            Event(ref blob, one);

        return blob.ToArray();
    }

    public static List<HistoryEvent> ReadEvents(ReadOnlySpan<byte> data)
    {
        var blob = Blob.ToRead(data);
        var count = blob.Int(null);
        var events = new List<HistoryEvent>(count);
        for (var i = 0; i < count; i++)
            events.Add(Event(ref blob, null));

        return events;
    }

    public static byte[] Write(TaskMessage message)
    {
        var blob = Blob.ToWrite();
        Message(ref blob, message);
        return blob.ToArray();
    }

    public static TaskMessage ReadMessage(ReadOnlySpan<byte> data)
    {
        var blob = Blob.ToRead(data);
        return Message(ref blob, null);
    }

    public static byte[]? Write(IDictionary<string, string>? tags)
    {
        var blob = Blob.ToWrite();
        return blob.Tags(tags) is null ? null : blob.ToArray();
    }

    public static IDictionary<string, string>? ReadTags(ReadOnlySpan<byte> data) => data.IsEmpty ? null : Blob.ToRead(data).Tags(null);

    public static byte[]? Write(FailureDetails? failure)
    {
        var blob = Blob.ToWrite();
        return Failure(ref blob, failure) is null ? null : blob.ToArray();
    }

    public static FailureDetails? ReadFailure(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
            return null;

        var blob = Blob.ToRead(data);
        return Failure(ref blob, null);
    }

    private static TaskMessage Message(ref Blob b, TaskMessage? x) => new()
    {
        OrchestrationInstance = Instance(ref b, x?.OrchestrationInstance),
        OrchestrationExecutionContext = Context(b.Tags(x?.OrchestrationExecutionContext?.OrchestrationTags), b.IsWritten),
        Event = Event(ref b, x?.Event),
    };

    /// <summary>The tags of a context cannot be set from outside, but they are a data member.</summary>
    private static OrchestrationExecutionContext? Context(IDictionary<string, string>? tags, bool isWritten) => tags is null || isWritten
        ? null
        : JsonConvert.DeserializeObject<OrchestrationExecutionContext>(JsonConvert.SerializeObject(new { OrchestrationTags = tags }));

    private static HistoryEvent Event(ref Blob b, HistoryEvent? e)
    {
        var kind = (EventType)b.Byte((byte)(e?.EventType ?? 0));
        var id = b.Int(e?.EventId);
        var time = b.Time(e?.Timestamp);
        HistoryEvent made = kind switch
        {
            EventType.OrchestratorStarted => new OrchestratorStartedEvent(id),
            EventType.OrchestratorCompleted => new OrchestratorCompletedEvent(id),
            EventType.ExecutionStarted => Started(ref b, id, e as ExecutionStartedEvent),
            EventType.ExecutionCompleted => Completed(ref b, id, e as ExecutionCompletedEvent),
            EventType.ContinueAsNew => new ContinueAsNewEvent(id, b.Text((e as ContinueAsNewEvent)?.Result)),
            EventType.ExecutionTerminated => new ExecutionTerminatedEvent(id, b.Text((e as ExecutionTerminatedEvent)?.Input)),
            EventType.ExecutionSuspended => new ExecutionSuspendedEvent(id, b.Text((e as ExecutionSuspendedEvent)?.Reason)),
            EventType.ExecutionResumed => new ExecutionResumedEvent(id, b.Text((e as ExecutionResumedEvent)?.Reason)),
            EventType.ExecutionRewound => Rewound(ref b, id, e as ExecutionRewoundEvent),
            EventType.TaskScheduled => Scheduled(ref b, id, e as TaskScheduledEvent),
            EventType.TaskCompleted => Completed(ref b, id, e as TaskCompletedEvent),
            EventType.TaskFailed => Failed(ref b, id, e as TaskFailedEvent),
            EventType.TimerCreated => new TimerCreatedEvent(id, b.Time((e as TimerCreatedEvent)?.FireAt)),
            EventType.TimerFired => Fired(ref b, id, e as TimerFiredEvent),
            EventType.SubOrchestrationInstanceCreated => Created(ref b, id, e as SubOrchestrationInstanceCreatedEvent),
            EventType.SubOrchestrationInstanceCompleted => Completed(ref b, id, e as SubOrchestrationInstanceCompletedEvent),
            EventType.SubOrchestrationInstanceFailed => Failed(ref b, id, e as SubOrchestrationInstanceFailedEvent),
            EventType.EventSent => Sent(ref b, id, e as EventSentEvent),
            EventType.EventRaised => Raised(ref b, id, e as EventRaisedEvent),
            EventType.GenericEvent => new GenericEvent(id, b.Text((e as GenericEvent)?.Data)),
            _ => throw new NotSupportedException($"Events of kind {kind} are not stored."),
        };
        made.Timestamp = time;
        return made;
    }

    private static ExecutionStartedEvent Started(ref Blob b, int id, ExecutionStartedEvent? x) => new(id, x?.Input)
    {
        Name = b.Text(x?.Name),
        Version = b.Text(x?.Version),
        OrchestrationInstance = Instance(ref b, x?.OrchestrationInstance),
        ParentInstance = Parent(ref b, x?.ParentInstance),
        Tags = b.Tags(x?.Tags),
        Correlation = b.Text(x?.Correlation),
        ParentTraceContext = Trace(ref b, x?.ParentTraceContext),
        ScheduledStartTime = b.TimeOrNull(x?.ScheduledStartTime),
        Generation = b.Int(x?.Generation ?? -1) is >= 0 and var generation ? generation : null,
        GenerateNewTrace = b.Flag(x?.GenerateNewTrace ?? false),
    };

    private static ExecutionCompletedEvent Completed(ref Blob b, int id, ExecutionCompletedEvent? x)
        => new(id, b.Text(x?.Result), (OrchestrationStatus)b.Int((int?)x?.OrchestrationStatus), Failure(ref b, x?.FailureDetails));

    private static ExecutionRewoundEvent Rewound(ref Blob b, int id, ExecutionRewoundEvent? x) => new(id, b.Text(x?.Reason))
    {
        ParentExecutionId = b.Text(x?.ParentExecutionId),
        InstanceId = b.Text(x?.InstanceId),
        ParentTraceContext = Trace(ref b, x?.ParentTraceContext),
    };

    private static TaskScheduledEvent Scheduled(ref Blob b, int id, TaskScheduledEvent? x) => new(id)
    {
        Name = b.Text(x?.Name),
        Version = b.Text(x?.Version),
        Input = b.Text(x?.Input),
        Tags = b.Tags(x?.Tags),
        ParentTraceContext = Trace(ref b, x?.ParentTraceContext),
    };

    private static TaskCompletedEvent Completed(ref Blob b, int id, TaskCompletedEvent? x)
        => new(id, b.Int(x?.TaskScheduledId), b.Text(x?.Result));

    private static TaskFailedEvent Failed(ref Blob b, int id, TaskFailedEvent? x)
        => new(id, b.Int(x?.TaskScheduledId), b.Text(x?.Reason), b.Text(x?.Details), Failure(ref b, x?.FailureDetails));

    private static TimerFiredEvent Fired(ref Blob b, int id, TimerFiredEvent? x)
        => new(id, b.Time(x?.FireAt)) { TimerId = b.Int(x?.TimerId) };

    private static SubOrchestrationInstanceCreatedEvent Created(ref Blob b, int id, SubOrchestrationInstanceCreatedEvent? x) => new(id)
    {
        Name = b.Text(x?.Name),
        Version = b.Text(x?.Version),
        InstanceId = b.Text(x?.InstanceId),
        Input = b.Text(x?.Input),
        ClientSpanId = b.Text(x?.ClientSpanId),
        Tags = b.Tags(x?.Tags),
    };

    private static SubOrchestrationInstanceCompletedEvent Completed(ref Blob b, int id, SubOrchestrationInstanceCompletedEvent? x)
        => new(id, b.Int(x?.TaskScheduledId), b.Text(x?.Result));

    private static SubOrchestrationInstanceFailedEvent Failed(ref Blob b, int id, SubOrchestrationInstanceFailedEvent? x)
        => new(id, b.Int(x?.TaskScheduledId), b.Text(x?.Reason), b.Text(x?.Details), Failure(ref b, x?.FailureDetails));

    private static EventSentEvent Sent(ref Blob b, int id, EventSentEvent? x)
        => new(id) { InstanceId = b.Text(x?.InstanceId), Name = b.Text(x?.Name), Input = b.Text(x?.Input) };

    private static EventRaisedEvent Raised(ref Blob b, int id, EventRaisedEvent? x)
        => new(id, b.Text(x?.Input)) { Name = b.Text(x?.Name), ParentTraceContext = Trace(ref b, x?.ParentTraceContext) };

    private static OrchestrationInstance Instance(ref Blob b, OrchestrationInstance? x)
        => new() { InstanceId = b.Text(x?.InstanceId), ExecutionId = b.Text(x?.ExecutionId) };

    private static ParentInstance? Parent(ref Blob b, ParentInstance? x) => !b.Flag(x is not null)
        ? null
        : new ParentInstance
        {
            OrchestrationInstance = Instance(ref b, x?.OrchestrationInstance),
            Name = b.Text(x?.Name),
            Version = b.Text(x?.Version),
            TaskScheduleId = b.Int(x?.TaskScheduleId),
        };

    private static DistributedTraceContext? Trace(ref Blob b, DistributedTraceContext? x) => !b.Flag(x is not null)
        ? null
        : new DistributedTraceContext(b.Text(x?.TraceParent)!, b.Text(x?.TraceState))
        {
            Id = b.Text(x?.Id),
            SpanId = b.Text(x?.SpanId),
            ActivityStartTime = b.TimeOrNull(x?.ActivityStartTime?.UtcDateTime),
        };

    private static FailureDetails? Failure(ref Blob b, FailureDetails? x) => !b.Flag(x is not null)
        ? null
        : new FailureDetails(
            b.Text(x?.ErrorType)!,
            b.Text(x?.ErrorMessage)!,
            b.Text(x?.StackTrace),
            Failure(ref b, x?.InnerFailure),
            b.Flag(x?.IsNonRetriable ?? false),
            Properties(b.Text(x?.Properties is { Count: > 0 } some ? JsonConvert.SerializeObject(some) : null), b.IsWritten));

    private static Dictionary<string, object?>? Properties(string? json, bool isWritten)
        => json is null || isWritten ? null : JsonConvert.DeserializeObject<Dictionary<string, object?>>(json);
}
