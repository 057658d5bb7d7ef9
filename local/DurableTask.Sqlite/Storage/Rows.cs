using DurableTask.Core;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Storage;

/// <summary>
/// A message that was stored for an instance; with a due time it waits among the timers until then. Others wait when it starts the instance
/// later than it was created: what came before it is on disk.
/// </summary>
internal sealed record Delivery(long Key, string InstanceId, long Seq, TaskMessage Message, DateTime? Due, bool OthersWait);

/// <summary>A message that waits for an instance.</summary>
internal readonly record struct WaitingMessage(long Seq, TaskMessage Message);

/// <summary>An activity that waits to run, or runs.</summary>
internal sealed record ActivityRow(long Id, long Key, TaskMessage Message);

/// <summary>A timer that is due.</summary>
internal sealed record TimerRow(DateTime Due, long Seq, long Key, string InstanceId, bool Starts, TaskMessage Message);

/// <summary>All that is needed to go on with an instance that is not in memory.</summary>
internal sealed record StoredRun(int Turn, bool HasEnded, string? CustomStatus, IList<HistoryEvent> History);

/// <summary>Which statuses are final.</summary>
internal static class Statuses
{
    /// <summary>Condition on a row of <c>instances</c>.</summary>
    public const string NotEnded = "status NOT IN (1, 3, 4, 5)";

    public static bool HasEnded(this OrchestrationStatus status) => status
        is OrchestrationStatus.Completed or OrchestrationStatus.Failed or OrchestrationStatus.Canceled or OrchestrationStatus.Terminated;
}

/// <summary>What a change leaves to be done once it is on disk.</summary>
internal sealed class Effects
{
    /// <summary>Messages and timers that were stored.</summary>
    public List<Delivery> Deliveries { get; } = [];

    /// <summary>Activities to be run.</summary>
    public List<ActivityRow> Activities { get; } = [];

    /// <summary>Keys of instances that are no more.</summary>
    public List<long> Removed { get; } = [];

    /// <summary>Ids of instances that ended.</summary>
    public List<string> Ended { get; } = [];
}
