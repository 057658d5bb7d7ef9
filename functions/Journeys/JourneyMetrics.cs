using System.Diagnostics.Metrics;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Journeys;

/// <summary>
/// What journeys count, meter <c>OmsWorkflows</c>; dimensions are enumerations, never ids. Static, because orchestrators have no services;
/// told only of what happens, not of what is replayed. A turn that is run again after a crash counts again.
/// </summary>
internal static class JourneyMetrics
{
    private static readonly Meter Meter = new(AppTelemetry.Name);

    private static readonly Counter<long> Entered =
        Meter.CreateCounter<long>("oms_workflows.journeys.entered", "{journey}", "Journeys that entered a phase");

    private static readonly Counter<long> Ended =
        Meter.CreateCounter<long>("oms_workflows.journeys.ended", "{journey}", "Journeys that ended, by phase and reason");

    private static readonly Histogram<long> PhaseSeconds =
        Meter.CreateHistogram<long>("oms_workflows.journeys.phase_time", "s", "Time spent in a phase");

    /// <summary>A journey's status changed.</summary>
    public static void Changed(string journey, JourneyStatus last, JourneyStatus next)
    {
        if (last.Phase != next.Phase)
        {
            PhaseSeconds.Record((long)(next.Since - last.Since).TotalSeconds, new("journey", journey), new("phase", last.Phase.ToString()));
            Entered.Add(1, new("journey", journey), new("phase", next.Phase.ToString()));
        }

        if (next.Ended && !last.Ended)
            Ended.Add(1, new("journey", journey), new("phase", next.Phase.ToString()), new("reason", next.Reason?.Code ?? "none"));
    }
}
