using OmsWorkflows.Load.Machines;

namespace OmsWorkflows.Load.Measures;

/// <summary>What a run came to.</summary>
/// <param name="Options">What it was made of.</param>
internal sealed record LoadResult(LoadOptions Options)
{
    /// <summary>How long each start took to be answered.</summary>
    public required IReadOnlyList<TimeSpan> Starts { get; init; }

    /// <summary>Each go, in order.</summary>
    public required IReadOnlyList<Wave> Waves { get; init; }

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

/// <summary>Some people, from the first start until the last was booked.</summary>
/// <param name="People">How many.</param>
/// <param name="Starting">From the first start until the last was answered.</param>
/// <param name="Waiting">From the first start until every person had a deposit code.</param>
/// <param name="Settling">From the first payment until every one was booked.</param>
/// <param name="After">What hosts and workers take when all are booked; null where that cannot be measured.</param>
internal sealed record Wave(int People, TimeSpan Starting, TimeSpan Waiting, TimeSpan Settling, ProcessSample? After);
