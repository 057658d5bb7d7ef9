using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker;

namespace OmsWorkflows.Local.Runtime.Engine;

/// <summary>Where the embedded engine keeps its data and how much it does at once.</summary>
public sealed class DurableEngineOptions
{
    /// <summary>The SQLite file. Its directory is created; exactly one process owns it at a time.</summary>
    public string DatabasePath { get; set; } = Path.Combine(".local", "durable.db");

    /// <summary>
    /// Writes inputs, results, events and custom status. Left out: a <see cref="Microsoft.DurableTask.DataConverter"/> registered as a service,
    /// else JSON with default options.
    /// </summary>
    public DataConverter? DataConverter { get; set; }

    /// <summary>Version of orchestrations started without one (<c>defaultVersion</c> of host.json); unversioned when left out.</summary>
    public string? DefaultVersion { get; set; }

    /// <summary>Which orchestration versions are run, and what becomes of the others; all are run when left out.</summary>
    public DurableTaskWorkerOptions.VersioningOptions? Versioning { get; set; }

    /// <summary>Activities at the same time.</summary>
    public int MaxConcurrentActivities { get; set; } = 100 * Environment.ProcessorCount;

    /// <summary>Orchestrators at the same time; they only compute, so more than there are processors gains nothing.</summary>
    public int MaxConcurrentOrchestrators { get; set; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Executions kept in memory so that a turn need not replay from the start. Beyond it the least recently used go.</summary>
    public int MaxCachedExecutions { get; set; } = 8_192;

    /// <summary>Longest single timer; a longer one is made of several, as the published engine does.</summary>
    public TimeSpan MaximumTimerInterval { get; set; } = TimeSpan.FromDays(3);

    /// <summary>Ended orchestrations are purged this long after their end; kept for ever when left out.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>An orchestrator that computes longer than this in one turn is reported.</summary>
    public TimeSpan SlowTurn { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for running activities before it gives them back to the next start.</summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Whether a commit waits for the disk (<c>synchronous=FULL</c>). Turn off only for tests that throw their database away.
    /// </summary>
    public bool Durable { get; set; } = true;
}
