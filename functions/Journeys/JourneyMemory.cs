using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Journeys;

/// <summary>
/// What a journey of any kind takes along when it continues as new, so that its history stays short however long it waits
/// (docs/decisions/0009-the-clock-never-stops.md). Each kind adds its own progress. Holds no personal data.
/// </summary>
/// <param name="Status">The status as last published.</param>
/// <param name="Waiting">Signals that came and were not received yet.</param>
/// <param name="Seen">Ids of deliveries that were received.</param>
public sealed record JourneyMemory(JourneyStatus Status, IReadOnlyList<Signal> Waiting, IReadOnlyList<string> Seen)
{
    /// <summary>Milestones, of a journey that tells.</summary>
    public MilestoneMemory? Milestones { get; init; }
}
