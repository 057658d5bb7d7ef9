using DurableTask.Core;
using DurableTask.Core.History;

namespace OmsWorkflows.Local.Runtime.Engine.Replay;

/// <summary>A step the orchestrator took in the current turn and that history does not hold yet.</summary>
/// <param name="Id">Number of the step in the run.</param>
internal abstract record Step(int Id)
{
    /// <summary>What the step is, for a report.</summary>
    public abstract string Describe();
}

/// <summary>An activity was called.</summary>
internal sealed record ScheduleActivity(int Id, string Name, string Version, string? Input, IDictionary<string, string>? Tags) : Step(Id)
{
    public override string Describe() => $"activity '{Name}'";
}

/// <summary>A durable timer was created.</summary>
internal sealed record CreateTimerStep(int Id, DateTime FireAt) : Step(Id)
{
    public override string Describe() => "a timer";
}

/// <summary>A sub-orchestration was called.</summary>
internal sealed record StartSubOrchestration(
    int Id, string Name, string Version, string InstanceId, string? Input, IDictionary<string, string>? Tags) : Step(Id)
{
    public override string Describe() => $"sub-orchestration '{Name}'";
}

/// <summary>An event was sent to another instance.</summary>
internal sealed record SendEventStep(int Id, string InstanceId, string Name, string? Input) : Step(Id)
{
    public override string Describe() => $"event '{Name}' to another instance";
}

/// <summary>How a run ended.</summary>
internal sealed record RunEnd(int StepId, OrchestrationStatus Status, string? Result, FailureDetails? Failure);

/// <summary>How an instance starts over.</summary>
internal sealed record StartOver(int StepId, string? Input, string? Version, List<EventRaisedEvent> CarriedOver);

/// <summary>What one turn of an orchestration produced.</summary>
internal sealed class TurnOutcome
{
    /// <summary>Steps to record and carry out, by number.</summary>
    public required List<Step> Steps { get; init; }

    /// <summary>Timers that were created before and are no longer wanted.</summary>
    public required List<int> CancelledTimers { get; init; }

    /// <summary>The custom status as written.</summary>
    public required string? CustomStatus { get; init; }

    /// <summary>Whether the run is halted.</summary>
    public required bool IsSuspended { get; init; }

    /// <summary>Set when the run ended for good.</summary>
    public RunEnd? End { get; init; }

    /// <summary>Set when the instance starts over.</summary>
    public StartOver? Restart { get; init; }
}
