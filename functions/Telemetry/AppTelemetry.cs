using System.Diagnostics;

namespace OmsWorkflows.Telemetry;

/// <summary>The app's own spans.</summary>
public static class AppTelemetry
{
    /// <summary>Name of the app's activity source and meter.</summary>
    public const string Name = "OmsWorkflows";

    /// <summary>Where the app's spans start.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>
    /// Puts the journey's id on the span at hand: what is searched for to see one journey from its first HTTP call to the last webhook.
    /// </summary>
    public static void TagJourney(string instanceId) => Activity.Current?.AddTag("oms_workflows.journey", instanceId);
}
