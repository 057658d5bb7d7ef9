namespace OmsWorkflows.Local.Runtime.Engine.Storage;

/// <summary>
/// Named points at which a test can make the engine stumble. In production nothing happens there. What a test throws is treated as the failure
/// of the store; an <see cref="EngineCrashException"/> stops the engine where it stands, as a killed process would.
/// </summary>
internal class FaultSeam
{
    /// <summary>A transaction is complete but not committed.</summary>
    public const string BeforeCommit = "commit:before";

    /// <summary>A transaction is committed, and nobody was told.</summary>
    public const string AfterCommit = "commit:after";

    /// <summary>A turn was computed and is not stored.</summary>
    public const string TurnComputed = "turn:computed";

    /// <summary>An activity is about to run.</summary>
    public const string ActivityStarting = "activity:starting";

    /// <summary>An activity has run and its result is not stored.</summary>
    public const string ActivityFinished = "activity:finished";

    /// <summary>A timer is due and nothing was done about it.</summary>
    public const string TimerDue = "timer:due";

    public static FaultSeam None { get; } = new();

    /// <summary>Called when the engine reaches a point.</summary>
    public virtual void Reach(string point)
    {
    }
}

/// <summary>A test killed the engine.</summary>
internal sealed class EngineCrashException(string point) : Exception($"The engine was killed at {point}.");
