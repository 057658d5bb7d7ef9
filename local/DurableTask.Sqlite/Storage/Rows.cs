using DurableTask.Core;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Storage;

/// <summary>A message that was stored for an instance; with a due time it waits among the timers until then.</summary>
internal sealed record Delivery(long Key, string InstanceId, long Seq, TaskMessage Message, DateTime? Due)
{
    /// <summary>Whether earlier messages may wait on disk for this one, which starts the instance.</summary>
    public bool OthersWait { get; init; }
}

/// <summary>A message that waits for an instance.</summary>
internal readonly record struct WaitingMessage(long Seq, TaskMessage Message);

/// <summary>An activity that waits to run, or runs.</summary>
internal sealed record ActivityRow(long Id, long Key, TaskMessage Message);

/// <summary>A timer that is due.</summary>
internal sealed record TimerRow(DateTime Due, long Seq, long Key, string InstanceId, bool Starts, TaskMessage Message);

/// <summary>All that is needed to go on with an instance that is not in memory.</summary>
internal sealed record StoredRun(int Turn, OrchestrationStatus Status, string? CustomStatus, List<HistoryEvent> History);

/// <summary>Which statuses are final.</summary>
internal static class Statuses
{
    /// <summary>Condition on a row of <c>instances</c>.</summary>
    public const string NotEnded = "status NOT IN (1, 3, 4, 5)";

    public static bool HasEnded(this OrchestrationStatus status) => status
        is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Canceled or OrchestrationStatus.Terminated;
}
