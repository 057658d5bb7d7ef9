using DurableTask.Core;

namespace DurableTask.Sqlite.Dispatch;

/// <summary>A turn that was handed out.</summary>
internal sealed class OrchestrationWork(WorkBoard board, Slot slot, int turn) : TaskOrchestrationWorkItem
{
    private int _returned;

    public WorkBoard Board => board;

    public Slot Slot => slot;

    /// <summary>Turns the instance has made before.</summary>
    public int Turn => turn;

    /// <summary>Gives it back.</summary>
    /// <returns>Whether it was out.</returns>
    public bool Return() => Interlocked.Exchange(ref _returned, 1) == 0;
}

/// <summary>An activity that was handed out.</summary>
internal sealed class ActivityWork(WorkBoard board, ActivitySlot slot) : TaskActivityWorkItem
{
    private int _returned;

    public WorkBoard Board => board;

    public ActivitySlot Slot => slot;

    /// <inheritdoc cref="OrchestrationWork.Return"/>
    public bool Return() => Interlocked.Exchange(ref _returned, 1) == 0;
}
