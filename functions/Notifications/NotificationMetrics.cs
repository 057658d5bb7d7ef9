using System.Diagnostics.Metrics;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Notifications;

/// <summary>What is counted of notifications, meter <c>OmsWorkflows</c>; dimensions are enumerations, never ids.</summary>
public sealed class NotificationMetrics
{
    private readonly Counter<long> _tries;
    private readonly Counter<long> _deadLetters;

    /// <summary>Makes the instruments.</summary>
    public NotificationMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(AppTelemetry.Name);
        _tries = meter.CreateCounter<long>("oms_workflows.notifications", "{try}", "Notifications sent, by whether they were taken");
        _deadLetters = meter.CreateCounter<long>(
            "oms_workflows.notifications.dead_letters", "{notification}", "Notifications nobody took in time");
    }

    internal void Told(NotificationResult result) => _tries.Add(1, new KeyValuePair<string, object?>("result", result.ToString()));

    internal void DeadLettered() => _deadLetters.Add(1);
}
