using System.Buffers;
using System.Text;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Tracing;
using Newtonsoft.Json;

namespace DurableTask.Sqlite.Storage;

/// <summary>
/// History events in a compact binary form: a format byte, then per event its kind, step, time and members. Text is UTF-8 with its length in
/// front, <see langword="null"/> has length -1; numbers are variable-length. The input of an <see cref="ExecutionStartedEvent"/> is left out:
/// it is kept once, with the instance.
/// </summary>
internal static class HistoryCodec
{
    private const byte Format = 1;

    public static byte[] Write(IReadOnlyList<HistoryEvent> events)
    {
        var writer = new Writer();
        writer.Byte(Format);
        writer.Number(events.Count);
        for (var i = 0; i < events.Count; i++)
        {
            WriteEvent(ref writer, events[i]);
        }

        return writer.ToArray();
    }

    public static byte[] Write(TaskMessage message)
    {
        var writer = new Writer();
        writer.Byte(Format);
        writer.Text(message.OrchestrationInstance.InstanceId);
        writer.Text(message.OrchestrationInstance.ExecutionId);
        writer.Tags(message.OrchestrationExecutionContext?.OrchestrationTags);
        WriteEvent(ref writer, message.Event);
        return writer.ToArray();
    }

    public static TaskMessage ReadMessage(ReadOnlySpan<byte> data)
    {
        var reader = new Reader(data);
        Check(reader.Byte());
        var instance = new OrchestrationInstance { InstanceId = reader.Text(), ExecutionId = reader.Text() };
        var tags = reader.Tags();
        return new TaskMessage
        {
            OrchestrationInstance = instance,
            OrchestrationExecutionContext = tags is null ? null : Context(tags),
            Event = ReadEvent(ref reader),
        };
    }

    /// <summary>Tags cannot be set from outside, but they are a data member.</summary>
    private static OrchestrationExecutionContext? Context(Dictionary<string, string> tags) =>
        JsonConvert.DeserializeObject<OrchestrationExecutionContext>(
            JsonConvert.SerializeObject(new { OrchestrationTags = tags }));

    public static byte[]? Write(IDictionary<string, string>? tags)
    {
        if (tags is null)
        {
            return null;
        }

        var writer = new Writer();
        writer.Byte(Format);
        writer.Tags(tags);
        return writer.ToArray();
    }

    public static Dictionary<string, string>? ReadTags(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return null;
        }

        var reader = new Reader(data);
        Check(reader.Byte());
        return reader.Tags();
    }

    public static byte[]? Write(FailureDetails? failure)
    {
        if (failure is null)
        {
            return null;
        }

        var writer = new Writer();
        writer.Byte(Format);
        WriteFailure(ref writer, failure);
        return writer.ToArray();
    }

    public static List<HistoryEvent> Read(ReadOnlySpan<byte> data)
    {
        var reader = new Reader(data);
        Check(reader.Byte());
        var count = (int)reader.Number();
        var events = new List<HistoryEvent>(count);
        for (var i = 0; i < count; i++)
        {
            events.Add(ReadEvent(ref reader));
        }

        return events;
    }

    public static FailureDetails? ReadFailure(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty)
        {
            return null;
        }

        var reader = new Reader(data);
        Check(reader.Byte());
        return ReadFailure(ref reader);
    }

    private static void Check(byte format)
    {
        if (format != Format)
        {
            throw new InvalidDataException($"History is stored in format {format}, which this engine does not read.");
        }
    }

    private static void WriteEvent(ref Writer w, HistoryEvent e)
    {
        w.Byte((byte)e.EventType);
        w.Number(e.EventId);
        w.Number(e.Timestamp.Ticks);
        switch (e)
        {
            case ExecutionStartedEvent x:
                w.Text(x.Name);
                w.Text(x.Version);
                w.Text(x.OrchestrationInstance?.InstanceId);
                w.Text(x.OrchestrationInstance?.ExecutionId);
                w.Tags(x.Tags);
                w.Number(x.ScheduledStartTime?.Ticks ?? 0);
                w.Text(x.ParentInstance?.OrchestrationInstance?.InstanceId);
                w.Text(x.ParentInstance?.OrchestrationInstance?.ExecutionId);
                w.Text(x.ParentInstance?.Name);
                w.Text(x.ParentInstance?.Version);
                w.Number(x.ParentInstance?.TaskScheduleId ?? 0);
                w.Text(x.Correlation);
                w.Number(x.Generation ?? -1);
                w.Flag(x.GenerateNewTrace);
                WriteTrace(ref w, x.ParentTraceContext);
                break;
            case ExecutionCompletedEvent x:
                w.Text(x.Result);
                w.Number((int)x.OrchestrationStatus);
                WriteFailure(ref w, x.FailureDetails);
                break;
            case ExecutionTerminatedEvent x:
                w.Text(x.Input);
                break;
            case ExecutionSuspendedEvent x:
                w.Text(x.Reason);
                break;
            case ExecutionResumedEvent x:
                w.Text(x.Reason);
                break;
            case TaskScheduledEvent x:
                w.Text(x.Name);
                w.Text(x.Version);
                w.Text(x.Input);
                w.Tags(x.Tags);
                WriteTrace(ref w, x.ParentTraceContext);
                break;
            case TaskCompletedEvent x:
                w.Number(x.TaskScheduledId);
                w.Text(x.Result);
                break;
            case TaskFailedEvent x:
                w.Number(x.TaskScheduledId);
                w.Text(x.Reason);
                w.Text(x.Details);
                WriteFailure(ref w, x.FailureDetails);
                break;
            case TimerCreatedEvent x:
                w.Number(x.FireAt.Ticks);
                break;
            case TimerFiredEvent x:
                w.Number(x.TimerId);
                w.Number(x.FireAt.Ticks);
                break;
            case SubOrchestrationInstanceCreatedEvent x:
                w.Text(x.Name);
                w.Text(x.Version);
                w.Text(x.InstanceId);
                w.Text(x.Input);
                w.Tags(x.Tags);
                w.Text(x.ClientSpanId);
                break;
            case SubOrchestrationInstanceCompletedEvent x:
                w.Number(x.TaskScheduledId);
                w.Text(x.Result);
                break;
            case SubOrchestrationInstanceFailedEvent x:
                w.Number(x.TaskScheduledId);
                w.Text(x.Reason);
                w.Text(x.Details);
                WriteFailure(ref w, x.FailureDetails);
                break;
            case EventSentEvent x:
                w.Text(x.InstanceId);
                w.Text(x.Name);
                w.Text(x.Input);
                break;
            case EventRaisedEvent x:
                w.Text(x.Name);
                w.Text(x.Input);
                WriteTrace(ref w, x.ParentTraceContext);
                break;
            case ExecutionRewoundEvent x:
                w.Text(x.Reason);
                w.Text(x.ParentExecutionId);
                w.Text(x.InstanceId);
                WriteTrace(ref w, x.ParentTraceContext);
                break;
            case GenericEvent x:
                w.Text(x.Data);
                break;
            case OrchestratorStartedEvent or OrchestratorCompletedEvent:
                break;
            default:
                throw new NotSupportedException($"{e.EventType} is not written to history.");
        }
    }

    private static HistoryEvent ReadEvent(ref Reader r)
    {
        var kind = (EventType)r.Byte();
        var id = (int)r.Number();
        var time = new DateTime(r.Number(), DateTimeKind.Utc);
        HistoryEvent e = kind switch
        {
            EventType.ExecutionStarted => ReadStarted(ref r, id),
            EventType.ExecutionCompleted => new ExecutionCompletedEvent(id, r.Text(), (OrchestrationStatus)r.Number(), ReadFailure(ref r)),
            EventType.ExecutionTerminated => new ExecutionTerminatedEvent(id, r.Text()),
            EventType.ExecutionSuspended => new ExecutionSuspendedEvent(id, r.Text()),
            EventType.ExecutionResumed => new ExecutionResumedEvent(id, r.Text()),
            EventType.TaskScheduled => new TaskScheduledEvent(id)
            {
                Name = r.Text(),
                Version = r.Text(),
                Input = r.Text(),
                Tags = r.Tags(),
                ParentTraceContext = ReadTrace(ref r),
            },
            EventType.TaskCompleted => new TaskCompletedEvent(id, (int)r.Number(), r.Text()),
            EventType.TaskFailed => new TaskFailedEvent(id, (int)r.Number(), r.Text(), r.Text(), ReadFailure(ref r)),
            EventType.TimerCreated => new TimerCreatedEvent(id, r.Time()),
            EventType.TimerFired => ReadFired(ref r, id),
            EventType.SubOrchestrationInstanceCreated => new SubOrchestrationInstanceCreatedEvent(id)
            {
                Name = r.Text(),
                Version = r.Text(),
                InstanceId = r.Text(),
                Input = r.Text(),
                Tags = r.Tags(),
                ClientSpanId = r.Text(),
            },
            EventType.SubOrchestrationInstanceCompleted => new SubOrchestrationInstanceCompletedEvent(id, (int)r.Number(), r.Text()),
            EventType.SubOrchestrationInstanceFailed =>
                new SubOrchestrationInstanceFailedEvent(id, (int)r.Number(), r.Text(), r.Text(), ReadFailure(ref r)),
            EventType.EventSent => new EventSentEvent(id) { InstanceId = r.Text(), Name = r.Text(), Input = r.Text() },
            EventType.EventRaised => ReadRaised(ref r, id),
            EventType.ExecutionRewound => new ExecutionRewoundEvent(id, r.Text())
            {
                ParentExecutionId = r.Text(),
                InstanceId = r.Text(),
                ParentTraceContext = ReadTrace(ref r),
            },
            EventType.GenericEvent => new GenericEvent(id, r.Text()),
            EventType.OrchestratorStarted => new OrchestratorStartedEvent(id),
            EventType.OrchestratorCompleted => new OrchestratorCompletedEvent(id),
            _ => throw new InvalidDataException($"History holds an event of unknown kind {(int)kind}."),
        };
        e.Timestamp = time;
        return e;
    }

    private static ExecutionStartedEvent ReadStarted(ref Reader r, int id)
    {
        var started = new ExecutionStartedEvent(id, null) { Name = r.Text(), Version = r.Text() };
        started.OrchestrationInstance = new OrchestrationInstance { InstanceId = r.Text(), ExecutionId = r.Text() };
        started.Tags = r.Tags();
        started.ScheduledStartTime = r.Number() is > 0 and var ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;
        var parent = new OrchestrationInstance { InstanceId = r.Text(), ExecutionId = r.Text() };
        var link = new ParentInstance { OrchestrationInstance = parent, Name = r.Text(), Version = r.Text(), TaskScheduleId = (int)r.Number() };
        started.ParentInstance = parent.InstanceId is null ? null : link;
        started.Correlation = r.Text();
        started.Generation = r.Number() is >= 0 and var generation ? (int)generation : null;
        started.GenerateNewTrace = r.Flag();
        started.ParentTraceContext = ReadTrace(ref r);
        return started;
    }

    private static TimerFiredEvent ReadFired(ref Reader r, int id)
    {
        var timer = (int)r.Number();
        return new TimerFiredEvent(id, r.Time()) { TimerId = timer };
    }

    private static EventRaisedEvent ReadRaised(ref Reader r, int id)
    {
        var name = r.Text();
        return new EventRaisedEvent(id, r.Text()) { Name = name, ParentTraceContext = ReadTrace(ref r) };
    }

    private static void WriteTrace(ref Writer w, DistributedTraceContext? trace)
    {
        w.Flag(trace is not null);
        if (trace is not null)
        {
            w.Text(trace.TraceParent);
            w.Text(trace.TraceState);
            w.Text(trace.Id);
            w.Text(trace.SpanId);
            w.Number(trace.ActivityStartTime?.UtcTicks ?? 0);
        }
    }

    private static DistributedTraceContext? ReadTrace(ref Reader r)
    {
        if (!r.Flag())
        {
            return null;
        }

        return new DistributedTraceContext(r.Text()!, r.Text())
        {
            Id = r.Text(),
            SpanId = r.Text(),
            ActivityStartTime = r.Number() is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
        };
    }

    private static void WriteFailure(ref Writer w, FailureDetails? failure)
    {
        w.Flag(failure is not null);
        if (failure is not null)
        {
            w.Text(failure.ErrorType);
            w.Text(failure.ErrorMessage);
            w.Text(failure.StackTrace);
            w.Flag(failure.IsNonRetriable);
            w.Text(failure.Properties is { Count: > 0 } properties ? JsonConvert.SerializeObject(properties) : null);
            WriteFailure(ref w, failure.InnerFailure);
        }
    }

    private static FailureDetails? ReadFailure(ref Reader r)
    {
        if (!r.Flag())
        {
            return null;
        }

        var type = r.Text()!;
        var message = r.Text()!;
        var stack = r.Text();
        var final = r.Flag();
        var properties = r.Text() is { } json ? JsonConvert.DeserializeObject<Dictionary<string, object?>>(json) : null;
        return new FailureDetails(type, message, stack, ReadFailure(ref r), final, properties);
    }

    private ref struct Writer()
    {
        private readonly ArrayBufferWriter<byte> _buffer = new(256);

        public readonly void Byte(byte value)
        {
            _buffer.GetSpan(1)[0] = value;
            _buffer.Advance(1);
        }

        public readonly void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

        public readonly void Number(long value)
        {
            // Zigzag, then seven bits a byte.
            var rest = (ulong)((value << 1) ^ (value >> 63));
            var span = _buffer.GetSpan(10);
            var length = 0;
            while (rest >= 0x80)
            {
                span[length++] = (byte)(rest | 0x80);
                rest >>= 7;
            }

            span[length++] = (byte)rest;
            _buffer.Advance(length);
        }

        public readonly void Text(string? value)
        {
            if (value is null)
            {
                Number(-1);
                return;
            }

            var length = Encoding.UTF8.GetByteCount(value);
            Number(length);
            _buffer.Advance(Encoding.UTF8.GetBytes(value, _buffer.GetSpan(length)));
        }

        public readonly void Tags(IDictionary<string, string>? tags)
        {
            Number(tags?.Count ?? -1);
            if (tags is null)
            {
                return;
            }

            foreach (var (key, value) in tags)
            {
                Text(key);
                Text(value);
            }
        }

        public readonly byte[] ToArray() => _buffer.WrittenSpan.ToArray();
    }

    private ref struct Reader(ReadOnlySpan<byte> data)
    {
        private ReadOnlySpan<byte> _rest = data;

        public byte Byte()
        {
            if (_rest.IsEmpty)
            {
                throw new InvalidDataException("History ends in the middle of an event.");
            }

            var value = _rest[0];
            _rest = _rest[1..];
            return value;
        }

        public bool Flag() => Byte() == 1;

        public long Number()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var part = Byte();
                value |= (ulong)(part & 0x7F) << shift;
                if (part < 0x80)
                {
                    return (long)(value >> 1) ^ -(long)(value & 1);
                }
            }
        }

        public DateTime Time() => new(Number(), DateTimeKind.Utc);

        public string? Text()
        {
            var length = (int)Number();
            if (length < 0)
            {
                return null;
            }

            if (length > _rest.Length)
            {
                throw new InvalidDataException("History ends in the middle of a text.");
            }

            var text = Encoding.UTF8.GetString(_rest[..length]);
            _rest = _rest[length..];
            return text;
        }

        public Dictionary<string, string>? Tags()
        {
            var count = (int)Number();
            if (count < 0)
            {
                return null;
            }

            var tags = new Dictionary<string, string>(count, StringComparer.Ordinal);
            for (var i = 0; i < count; i++)
            {
                tags.Add(Text()!, Text()!);
            }

            return tags;
        }
    }
}
