using DurableTask.Core.Exceptions;
using DurableTask.Core.History;

namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>Words the reports on orchestrators that do not repeat their steps.</summary>
internal static class NonDeterminism
{
    private const string Advice =
        "The code changed while the instance ran, or it depends on something that is not recorded (clock, random ids, static state, I/O).";

    /// <summary>History has a step the code did not take, or took differently.</summary>
    public static NonDeterministicOrchestrationException Mismatch(HistoryEvent recorded, Step? taken) => new(
        recorded.EventId,
        $"Step {recorded.EventId} of the replay differs from history. Expected {Describe(recorded)}, "
        + $"but the orchestrator {(taken is null ? "took no such step" : $"took {taken.Describe()}")}. {Advice}");

    /// <summary>The code took a step history does not have.</summary>
    public static NonDeterministicOrchestrationException Surplus(Step taken) => new(
        taken.Id,
        $"Step {taken.Id} of the replay differs from history. Expected no further step in this turn, "
        + $"but the orchestrator took {taken.Describe()}. {Advice}");

    private static string Describe(HistoryEvent recorded) => recorded switch
    {
        TaskScheduledEvent e => $"activity '{e.Name}'",
        SubOrchestrationInstanceCreatedEvent e => $"sub-orchestration '{e.Name}'",
        EventSentEvent e => $"event '{e.Name}' to another instance",
        TimerCreatedEvent => "a timer",
        _ => recorded.EventType.ToString(),
    };
}
