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
    /// Goes on in the trace of a journey with what came in another one, such as a webhook's: so the journey's trace has all of it. Each of
    /// the two points to the other. <see langword="null"/> if <paramref name="trace"/> is none, or nobody listens.
    /// </summary>
    /// <param name="trace">The id of a span of the journey.</param>
    /// <param name="name">What goes on.</param>
    public static Activity? ContinueIn(string? trace, string name)
    {
        if (!ActivityContext.TryParse(trace, null, isRemote: true, out var journey))
            return null;
        var came = Activity.Current;
        came?.AddLink(new ActivityLink(journey));
        return Source.StartActivity(
            name, ActivityKind.Consumer, journey, links: came is null ? null : [new ActivityLink(came.Context)]);
    }

    /// <summary>
    /// Puts the journey's id on the span at hand: what is searched for to see one journey from its first HTTP call to the last webhook.
    /// </summary>
    public static void TagJourney(string instanceId) => Activity.Current?.AddTag("oms_workflows.journey", instanceId);
}
