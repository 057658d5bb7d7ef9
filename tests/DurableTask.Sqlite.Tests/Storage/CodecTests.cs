using CsCheck;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Tracing;
using DurableTask.Sqlite.Storage;
using Newtonsoft.Json;

namespace DurableTask.Sqlite.Tests.Storage;

public sealed class CodecTests
{
    private static readonly Gen<string?> Text = Gen.OneOf(
        Gen.Const(default(string)),
        Gen.String.Select(text => (string?)new string([.. text.Where(c => !char.IsSurrogate(c))])));
    private static readonly Gen<DateTime> Time =
        Gen.Long[0, DateTime.MaxValue.Ticks].Select(ticks => new DateTime(ticks, DateTimeKind.Utc));
    private static readonly Gen<IDictionary<string, string>?> Tags = Gen.OneOf(
        Gen.Const(default(IDictionary<string, string>)),
        Gen.Dictionary(Gen.String.AlphaNumeric, Gen.String.AlphaNumeric)[0, 3].Select(tags => (IDictionary<string, string>?)tags));

    private static readonly Gen<DistributedTraceContext?> Trace = Gen.OneOf(
        Gen.Const(default(DistributedTraceContext)),
        Gen.Select(Text, Text, Time, (a, b, time) => (DistributedTraceContext?)new DistributedTraceContext(a!, b)
        {
            Id = b,
            SpanId = a,
            ActivityStartTime = new DateTimeOffset(time),
        }));

    private static readonly Gen<FailureDetails?> Failure = Gen.Recursive<FailureDetails?>((depth, inner) => depth > 2
        ? Gen.Const(default(FailureDetails))
        : Gen.OneOf(
            Gen.Const(default(FailureDetails)),
            Gen.Select(Gen.String.AlphaNumeric, Text, inner, Gen.Bool, (type, message, cause, final) => (FailureDetails?)new FailureDetails(
                type,
                message ?? string.Empty,
                message,
                cause,
                final,
                final ? new Dictionary<string, object?> { ["code"] = "x", ["n"] = 3L } : null))));

    private static readonly Gen<HistoryEvent> Event = Gen.OneOf<HistoryEvent>(
        Gen.Int.Select(id => (HistoryEvent)new OrchestratorStartedEvent(id)),
        Gen.Int.Select(id => (HistoryEvent)new OrchestratorCompletedEvent(id)),
        Gen.Select(Text, Text, Tags, Trace, Time, Gen.Bool, (name, other, tags, trace, time, flag) =>
            (HistoryEvent)new ExecutionStartedEvent(-1, null)
            {
                Name = name,
                Version = other,
                OrchestrationInstance = new OrchestrationInstance { InstanceId = name, ExecutionId = other },
                ParentInstance = flag
                ? null
                : new ParentInstance
                {
                    Name = other,
                    Version = name,
                    TaskScheduleId = 7,
                    OrchestrationInstance = new OrchestrationInstance { InstanceId = other, ExecutionId = name },
                },
                Tags = tags,
                Correlation = other,
                ParentTraceContext = trace,
                ScheduledStartTime = flag ? time : null,
                Generation = flag ? 3 : null,
                GenerateNewTrace = flag,
            }),
        Gen.Select(Gen.Int, Text, Gen.Enum<OrchestrationStatus>(), Failure, (id, result, status, failure) =>
            (HistoryEvent)new ExecutionCompletedEvent(id, result, status, failure)),
        Gen.Select(Gen.Int, Text, (id, result) => (HistoryEvent)new ContinueAsNewEvent(id, result)),
        Gen.Select(Gen.Int, Text, (id, reason) => (HistoryEvent)new ExecutionTerminatedEvent(id, reason)),
        Gen.Select(Gen.Int, Text, (id, reason) => (HistoryEvent)new ExecutionSuspendedEvent(id, reason)),
        Gen.Select(Gen.Int, Text, (id, reason) => (HistoryEvent)new ExecutionResumedEvent(id, reason)),
        Gen.Select(Gen.Int, Text, Trace, (id, reason, trace) => (HistoryEvent)new ExecutionRewoundEvent(id, reason)
        {
            ParentExecutionId = reason,
            InstanceId = reason,
            ParentTraceContext = trace,
        }),
        Gen.Select(Gen.Int, Text, Text, Tags, Trace, (id, name, input, tags, trace) =>
            (HistoryEvent)new TaskScheduledEvent(id, name!, input, input)
            {
                Tags = tags,
                ParentTraceContext = trace,
            }),
        Gen.Select(Gen.Int, Gen.Int, Text, (id, task, result) => (HistoryEvent)new TaskCompletedEvent(id, task, result)),
        Gen.Select(Gen.Int, Gen.Int, Text, Failure, (id, task, reason, failure) =>
            (HistoryEvent)new TaskFailedEvent(id, task, reason, reason, failure)),
        Gen.Select(Gen.Int, Time, (id, due) => (HistoryEvent)new TimerCreatedEvent(id, due)),
        Gen.Select(Gen.Int, Time, Gen.Int, (id, due, timer) => (HistoryEvent)new TimerFiredEvent(id, due) { TimerId = timer }),
        Gen.Select(Gen.Int, Text, Text, Tags, (id, name, other, tags) => (HistoryEvent)new SubOrchestrationInstanceCreatedEvent(id)
        {
            Name = name,
            Version = other,
            InstanceId = name,
            Input = other,
            ClientSpanId = name,
            Tags = tags,
        }),
        Gen.Select(Gen.Int, Gen.Int, Text, (id, task, result) =>
            (HistoryEvent)new SubOrchestrationInstanceCompletedEvent(id, task, result)),
        Gen.Select(Gen.Int, Gen.Int, Text, Failure, (id, task, reason, failure) =>
            (HistoryEvent)new SubOrchestrationInstanceFailedEvent(id, task, reason, reason, failure)),
        Gen.Select(Gen.Int, Text, Text, (id, name, input) =>
            (HistoryEvent)new EventSentEvent(id) { InstanceId = name, Name = name, Input = input }),
        Gen.Select(Gen.Int, Text, Text, Trace, (id, name, input, trace) =>
            (HistoryEvent)new EventRaisedEvent(id, input) { Name = name, ParentTraceContext = trace }),
        Gen.Select(Gen.Int, Text, (id, data) => (HistoryEvent)new GenericEvent(id, data)));

    [Fact]
    public void What_is_written_is_read_back() => Gen.Select(Event.List[0, 12], Time).Sample((events, time) =>
    {
        events.ForEach(e => e.Timestamp = time);
        return Json(Codec.ReadEvents(Codec.Write(events))) == Json(events);
    });

    [Fact]
    public void A_message_is_read_back_with_whom_it_is_for() => Gen.Select(Event, Text, Text).Sample((made, id, execution) =>
    {
        var instance = new OrchestrationInstance { InstanceId = id, ExecutionId = execution };
        var message = new TaskMessage { Event = made, OrchestrationInstance = instance };
        return Json(Codec.ReadMessage(Codec.Write(message))) == Json(message);
    });

    [Fact]
    public void The_tags_an_activity_sees_are_read_back()
    {
        var message = JsonConvert.DeserializeObject<TaskMessage>(
            "{\"OrchestrationInstance\":{\"InstanceId\":\"i\"},\"OrchestrationExecutionContext\":{\"OrchestrationTags\":{\"a\":\"b\"}}}")!;
        message.Event = new TaskScheduledEvent(1, "n");

        Codec.ReadMessage(Codec.Write(message)).OrchestrationExecutionContext.OrchestrationTags.Should().Contain("a", "b");
    }

    [Fact]
    public void A_blob_that_is_cut_off_is_recognised() => Gen.Select(Event, Gen.Int[1, 1_000]).Sample((made, cut) =>
    {
        var whole = Codec.Write([made]);
        var read = () => Codec.ReadEvents(whole.AsSpan(0, Math.Max(0, whole.Length - cut)));
        read.Should().Throw<InvalidDataException>();
    });

    [Fact]
    public void Every_kind_of_event_that_the_framework_makes_is_known()
    {
        // HistoryState is of a backend that is no more.
        var kinds = Enum.GetValues<EventType>().Except([EventType.HistoryState]).ToList();

        var seen = new HashSet<EventType>();
        Event.List[40, 40].Sample(events => seen.UnionWith(events.Select(e => e.EventType)), iter: 100, threads: 1);

        seen.Should().Contain(kinds.Where(kind => kind is not EventType.ExecutionFailed));
    }

    private static string Json(object value) => JsonConvert.SerializeObject(value);
}
