using OmsWorkflows.Load.Machines;

namespace OmsWorkflows.Load.Measures;

/// <summary>What a run came to.</summary>
/// <param name="Options">What it was made of.</param>
internal sealed record LoadResult(LoadOptions Options)
{
    /// <summary>How long each start took to be answered.</summary>
    public required IReadOnlyList<TimeSpan> Starts { get; init; }

    /// <summary>From the first start until the last was answered.</summary>
    public required TimeSpan Starting { get; init; }

    /// <summary>From the first start until every person had a deposit code.</summary>
    public required TimeSpan Waiting { get; init; }

    /// <summary>From the first payment until every one was booked.</summary>
    public required TimeSpan Settling { get; init; }

    /// <summary>How long journeys stood in each phase, by their own status.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<TimeSpan>> Phases { get; init; }

    /// <summary>Requests to the app's tables.</summary>
    public required IReadOnlyDictionary<StorageCall, int> TableCalls { get; init; }

    /// <summary>Requests to the task hub.</summary>
    public required IReadOnlyDictionary<StorageCall, int> TaskHubCalls { get; init; }

    /// <summary>Memory, files and processor time, second by second.</summary>
    public required IReadOnlyList<ProcessSample> Samples { get; init; }

    /// <summary>How often a host was killed.</summary>
    public required int Kills { get; init; }

    /// <summary>How long the app took to compare OMS with its ledger.</summary>
    public required TimeSpan Reconciling { get; init; }

    /// <summary>Events that the app says nobody came for.</summary>
    public required int DeadLetters { get; init; }

    /// <summary>What does not reconcile; empty if all does.</summary>
    public required IReadOnlyList<string> Violations { get; init; }
}
