using Microsoft.Extensions.Logging;

namespace DurableTask.Sqlite;

/// <summary>Where the provider keeps its data and how much it does at once.</summary>
public sealed class SqliteOrchestrationServiceOptions
{
    /// <summary>The SQLite file. Its directory is created; exactly one process owns it at a time.</summary>
    public string DatabasePath { get; set; } = Path.Combine(".local", "durable.db");

    /// <summary>The clock that durable timers go by. With another than the machine's, history is stamped by it too.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Orchestration turns at the same time.</summary>
    public int MaxConcurrentOrchestrations { get; set; } = 200 * Environment.ProcessorCount;

    /// <summary>Activities at the same time.</summary>
    public int MaxConcurrentActivities { get; set; } = 200 * Environment.ProcessorCount;

    /// <summary>Histories kept in memory so that a turn need not read them. Beyond it the least recently used go.</summary>
    public int MaxCachedInstances { get; set; } = 4_096;

    /// <summary>Ended instances are purged this long after their end; kept for ever when left out.</summary>
    public TimeSpan? Retention { get; set; }

    /// <summary>Where the provider writes its log; nowhere when left out.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Hooks for tests.</summary>
    internal TestSeams Seams { get; set; } = new();
}
