using Microsoft.DurableTask.Converters;

namespace Microsoft.DurableTask.Worker;

/// <summary>How orchestrators and activities are run.</summary>
public class DurableTaskWorkerOptions
{
    private DataConverter? _dataConverter;

    /// <summary>Which orchestration versions a worker takes.</summary>
    public enum VersionMatchStrategy
    {
        /// <summary>Every version.</summary>
        None = 0,

        /// <summary>Only the worker's own version.</summary>
        Strict = 1,

        /// <summary>The worker's own version and older ones.</summary>
        CurrentOrOlder = 2,
    }

    /// <summary>What becomes of an orchestration whose version is not taken.</summary>
    public enum VersionFailureStrategy
    {
        /// <summary>It waits for a worker that takes it.</summary>
        Reject = 0,

        /// <summary>It fails.</summary>
        Fail = 1,
    }

    /// <summary>Writes inputs, results and events; <see langword="null"/> sets the JSON converter with default options.</summary>
    public DataConverter DataConverter
    {
        get => _dataConverter ?? JsonDataConverter.Default;
        set => _dataConverter = value;
    }

    /// <summary>Whether durable entities are on. This runtime has none.</summary>
    public bool EnableEntitySupport { get; set; }

    /// <summary>Longest single timer; a longer one is made of several.</summary>
    public TimeSpan MaximumTimerInterval { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How much runs at the same time.</summary>
    public ConcurrencyOptions Concurrency { get; } = new();

    /// <summary>Which orchestration versions are taken; every version when <see langword="null"/>.</summary>
    public VersioningOptions? Versioning { get; set; }

    internal bool HasDataConverter => _dataConverter is not null;

    /// <summary>How much runs at the same time.</summary>
    public class ConcurrencyOptions
    {
        /// <summary>Activities at the same time.</summary>
        public int MaximumConcurrentActivityWorkItems { get; set; } = 100 * Environment.ProcessorCount;

        /// <summary>Orchestrations at the same time.</summary>
        public int MaximumConcurrentOrchestrationWorkItems { get; set; } = 100 * Environment.ProcessorCount;

        /// <summary>Entities at the same time.</summary>
        public int MaximumConcurrentEntityWorkItems { get; set; } = 100 * Environment.ProcessorCount;
    }

    /// <summary>Which orchestration versions are taken.</summary>
    public class VersioningOptions
    {
        /// <summary>Version of the worker.</summary>
        public string Version { get; set; } = string.Empty;

        /// <summary>Version of sub-orchestrations started without one.</summary>
        public string DefaultVersion { get; set; } = string.Empty;

        /// <summary>Which versions are taken.</summary>
        public VersionMatchStrategy MatchStrategy { get; set; } = VersionMatchStrategy.None;

        /// <summary>What becomes of the others.</summary>
        public VersionFailureStrategy FailureStrategy { get; set; } = VersionFailureStrategy.Reject;
    }
}
