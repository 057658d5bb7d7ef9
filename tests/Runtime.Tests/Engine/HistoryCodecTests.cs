using CsCheck;
using DurableTask.Core;
using DurableTask.Core.History;
using OmsWorkflows.Local.Runtime.Engine.Storage;

namespace OmsWorkflows.Local.Runtime.Tests.Engine;

public sealed class HistoryCodecTests
{
    private static readonly Gen<string?> Text = Gen.OneOf(Gen.String.Select(text => (string?)text), Gen.Const((string?)null));

    private static readonly Gen<FailureDetails?> Failure = Gen.Recursive<FailureDetails?>((depth, inner) => depth > 3
        ? Gen.Const((FailureDetails?)null)
        : Gen.Select(Gen.String, Gen.String, Text, inner, Gen.Bool, (type, message, stack, cause, final) =>
            (FailureDetails?)new FailureDetails(type, message, stack, cause, final)));

    private static readonly Gen<DateTime> Time = Gen.DateTime.Select(time => DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static readonly Gen<HistoryEvent> Event = Gen.Select(Gen.Int, Time, Text, Gen.Int, Failure, (id, time, text, number, failure) =>
        new HistoryEvent[]
        {
            new OrchestratorStartedEvent(id),
            new TaskScheduledEvent(id) { Name = text, Version = "1", Input = text, Tags = new Dictionary<string, string> { ["k"] = text ?? string.Empty } },
            new TaskCompletedEvent(id, number, text),
            new TaskFailedEvent(id, number, null, null, failure),
            new TimerCreatedEvent(id, time),
            new TimerFiredEvent(id, time) { TimerId = number },
            new SubOrchestrationInstanceCreatedEvent(id) { Name = text, Version = text, InstanceId = text, Input = text },
            new SubOrchestrationInstanceCompletedEvent(id, number, text),
            new SubOrchestrationInstanceFailedEvent(id, number, text, null, failure),
            new EventRaisedEvent(id, text) { Name = text },
            new EventSentEvent(id) { Name = text, InstanceId = text, Input = text },
            new ExecutionCompletedEvent(id, text, OrchestrationStatus.Failed, failure),
            new ExecutionTerminatedEvent(id, text),
            new ExecutionSuspendedEvent(id, text),
            new ExecutionResumedEvent(id, text),
            new OrchestratorCompletedEvent(id),
        }).SelectMany(all => Gen.Int[0, all.Length - 1].Select(Time, (which, at) =>
        {
            all[which].Timestamp = at;
            return all[which];
        }));

    [Fact]
    public void What_is_written_is_read_back() => Event.List[0, 20].Sample(events =>
        HistoryCodec.Read(HistoryCodec.Write(events)).Should().BeEquivalentTo(events, options => options.PreferringRuntimeMemberTypes().WithStrictOrdering()));

    [Fact]
    public void A_cut_off_row_is_recognised()
    {
        var data = HistoryCodec.Write(new EventRaisedEvent(-1, "payload") { Name = "name" });

        for (var length = 0; length < data.Length; length++)
        {
            var cut = data[..length];
            var read = () => HistoryCodec.Read(cut);
            read.Should().Throw<InvalidDataException>($"{length} of {data.Length} bytes");
        }
    }
}
