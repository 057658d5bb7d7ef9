namespace DurableTask.Sqlite;

/// <summary>What a test can watch and steer. In production nothing is set.</summary>
internal sealed class TestSeams
{
    /// <summary>
    /// Called with the number of a transaction (1, 2, … since the file was opened) when it is complete but not committed. What it throws
    /// refuses the transaction; a <see cref="SimulatedCrashException"/> stops the service where it stands, as a killed process would.
    /// </summary>
    public Action<long>? BeforeCommit { get; set; }

    /// <summary>
    /// Called when a transaction is on disk and nobody was told. What it throws leaves its callers in doubt; a
    /// <see cref="SimulatedCrashException"/> stops the service.
    /// </summary>
    public Action<long>? AfterCommit { get; set; }

    /// <summary>Chooses what is handed out next; first come, first served when left out.</summary>
    public IWorkGate? Gate { get; set; }

    /// <summary>
    /// Called, outside all locks, whenever nothing is ready, handed out or being written. Then only a timer or a client can make work:
    /// see <see cref="SqliteOrchestrationService.WhenIdle"/>.
    /// </summary>
    public Action? Idle { get; set; }

    /// <summary>
    /// Commits do not wait for the disk and are made on the thread that asks for them. For databases that are thrown away.
    /// </summary>
    public bool Relaxed { get; set; }
}

/// <summary>Chooses which ready work item is handed out next, so that a seeded order can repeat.</summary>
internal interface IWorkGate
{
    /// <summary>
    /// Asked when a dispatcher waits for each kind of work, all writes are done and something is ready. Called under the lock of the
    /// service: it only chooses.
    /// </summary>
    /// <param name="ready">Orchestrations in the order they became ready, then activities likewise.</param>
    /// <param name="handedOut">How many items are being worked on.</param>
    /// <returns>An index of <paramref name="ready"/>; -1 to wait until something changes.</returns>
    int Choose(IReadOnlyList<ReadyWork> ready, int handedOut);
}

/// <summary>Work that could be handed out.</summary>
/// <param name="InstanceId">The orchestration, or the one that scheduled the activity.</param>
/// <param name="ActivityName">The activity's name; <see langword="null"/> for an orchestration turn.</param>
/// <param name="TaskId">The activity's id in its orchestration; -1 for an orchestration turn.</param>
internal sealed record ReadyWork(string InstanceId, string? ActivityName, int TaskId);

/// <summary>A test killed the service.</summary>
internal sealed class SimulatedCrashException(string where) : Exception($"The service was killed {where}.");
