using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite.Dispatch;

/// <summary>Work that can be handed out, and handed out again when it failed.</summary>
internal abstract class Work
{
    /// <summary>How often in a row it failed.</summary>
    public int Failures { get; set; }

    /// <summary>Brings it back after a while.</summary>
    public ITimer? Retry { get; set; }

    /// <summary>How a test sees it.</summary>
    public abstract ReadyWork Describe();
}

/// <summary>An instance that is in memory: it has messages, is being worked on, or was not long ago.</summary>
internal sealed class Slot(long key, string instanceId) : Work
{
    public long Key => key;

    public string InstanceId => instanceId;

    /// <summary>Messages for the next turn, unless they are <see cref="OnDisk"/>.</summary>
    public List<WaitingMessage> Messages { get; set; } = [];

    /// <summary>Whether there are messages on disk that are not in memory.</summary>
    public bool OnDisk { get; set; }

    /// <summary>Whether what the turn that is out takes has to be read from disk.</summary>
    public bool TakesFromDisk { get; set; }

    public bool IsQueued { get; set; }

    public bool IsOut { get; set; }

    /// <summary>Whether the instance was removed.</summary>
    public bool IsGone { get; set; }

    /// <summary>What the turn that is out took; a message that is announced after it was read from disk is known by this.</summary>
    public List<WaitingMessage> Taken { get; set; } = [];

    /// <summary>State and history as of the last turn, if kept.</summary>
    public StoredRun? Run { get; set; }

    /// <summary>Where it stands among those that are only kept.</summary>
    public LinkedListNode<Slot>? Kept { get; set; }

    public bool HasWork => OnDisk || Messages.Count > 0;

    public override ReadyWork Describe() => new(instanceId, null, -1);
}

/// <summary>An activity that is to be run.</summary>
internal sealed class ActivitySlot(long id, TaskMessage? message) : Work
{
    public long Id => id;

    /// <summary>The message; <see langword="null"/> when it has to be read from disk.</summary>
    public TaskMessage? Message => message;

    public override ReadyWork Describe()
    {
        var scheduled = (TaskScheduledEvent)message!.Event;
        return new ReadyWork(message.OrchestrationInstance.InstanceId, scheduled.Name, scheduled.EventId);
    }
}
