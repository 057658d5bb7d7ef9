using DurableTask.Core;
using DurableTask.Core.History;
using OmsWorkflows.Local.Runtime.Engine.Replay;

namespace OmsWorkflows.Local.Runtime.Engine.Storage;

/// <summary>An instance to insert.</summary>
internal sealed record NewInstance(
    string Id,
    string Name,
    string Version,
    string? Input,
    DateTime Created,
    DateTime? StartAt,
    IReadOnlyDictionary<string, string>? Tags,
    ParentLink? Parent)
{
    /// <summary>The span that started it, in W3C form; none for a sub-orchestration, which belongs to its caller's trace.</summary>
    public string? Trace { get; init; }
}

/// <summary>A message that was put into an inbox.</summary>
internal sealed record Delivery(long Key, long Seq, int Generation, HistoryEvent Message);

/// <summary>An activity that waits to run, or runs.</summary>
internal sealed record ActivityRow(
    long Id, long Key, int Generation, int Step, string InstanceId, string Name, string Version, string? Input);

/// <summary>A timer that has not fired.</summary>
internal readonly record struct TimerRow(long Key, int Generation, int Step, DateTime Due);

/// <summary>All that is needed to go on with an instance that is not in memory.</summary>
internal sealed record StoredRun(
    RunHeader Header,
    OrchestrationStatus Status,
    int Turn,
    DateTime Updated,
    DateTime? StartAt,
    List<HistoryEvent> History,
    List<Delivery> Inbox)
{
    public bool HasEnded => Status is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Terminated;
}

/// <summary>An instance as a client sees it.</summary>
internal sealed record InstanceRow(
    long Key,
    string Id,
    string Name,
    OrchestrationStatus Status,
    DateTime Created,
    DateTime Updated,
    string Version,
    IReadOnlyDictionary<string, string>? Tags,
    string? Input,
    string? Output,
    string? CustomStatus,
    FailureDetails? Failure);
