using DurableTask.Core;
using DurableTask.Core.History;
using OmsWorkflows.Local.Runtime.Engine.Replay;

namespace OmsWorkflows.Local.Runtime.Engine.Dispatch;

/// <summary>What brings a turn about.</summary>
internal enum MailKind
{
    /// <summary>Look at what is stored.</summary>
    Wake,

    /// <summary>A message in the inbox on disk.</summary>
    Inbox,

    /// <summary>The result of an activity, which is only in memory: until a turn is stored, the activity counts as not run.</summary>
    Activity,

    /// <summary>A timer that is due; it is on disk until a turn is stored.</summary>
    Timer,

    /// <summary>The orchestrator awaited something that is not durable.</summary>
    Violation,
}

/// <summary>One reason for a turn.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Generation">The run it is for.</param>
/// <param name="Row">Number of the inbox message or activity.</param>
/// <param name="Event">What becomes part of the history.</param>
internal readonly record struct Mail(MailKind Kind, int Generation, long Row, HistoryEvent? Event);

/// <summary>
/// An instance that has something to do, or whose execution is still in memory. At most one turn of it is under way at any time, until its
/// transaction has ended. An instance that only waits has no actor: it is on disk.
/// </summary>
internal sealed class InstanceActor(long key)
{
    public long Key { get; } = key;

    /// <summary>Guards the members down to <see cref="RecentUse"/>.</summary>
    public Lock Gate { get; } = new();

    public List<Mail> Mailbox { get; private set; } = [];

    /// <summary>Whether a turn is under way or queued.</summary>
    public bool IsActive { get; set; }

    /// <summary>Whether the actor was given up: another one takes its place.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Place in the list of recently used executions.</summary>
    public LinkedListNode<InstanceActor>? RecentUse { get; set; }

    /// <summary>Mail of the turn under way. This and what follows belongs to the turn.</summary>
    public List<Mail> InTurn { get; private set; } = [];

    /// <summary>The execution, if it is in memory.</summary>
    public Execution? Execution { get; set; }

    /// <summary>A run that has not taken a turn and needs no reading.</summary>
    public RunHeader? Fresh { get; set; }

    public int Turn { get; set; }

    public OrchestrationStatus Status { get; set; }

    public DateTime LastTurnAt { get; set; }

    public int Failures { get; set; }

    /// <summary>Ticks of the processor clock when the turn under way began to compute; 0 when none does.</summary>
    public long ComputingSince;

    /// <summary>Takes the mail for a turn.</summary>
    public void TakeMail()
    {
        lock (Gate)
        {
            (InTurn, Mailbox) = (Mailbox, InTurn);
        }
    }

    /// <summary>Puts the mail of a turn that failed back in front.</summary>
    public void ReturnMail()
    {
        lock (Gate)
        {
            Mailbox.InsertRange(0, InTurn);
            InTurn.Clear();
        }
    }

    /// <summary>Forgets what is in memory, so that the next turn reads from disk.</summary>
    public void Forget()
    {
        Execution = null;
        Fresh = null;
    }
}
