namespace OmsWorkflows.Journeys;

/// <summary>Ends a journey's traces in the app's tables.</summary>
/// <param name="ResourceIds">The resources it listened to.</param>
public sealed record CloseRequest(string InstanceId, IReadOnlyList<string> ResourceIds)
{
    /// <summary>The phase it ended in; null when an older version asks.</summary>
    public JourneyPhase? Phase { get; init; }
}
