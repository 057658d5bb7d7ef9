using System.Diagnostics.Metrics;

namespace OmsWorkflows.Telemetry;

/// <summary>The app's own metrics, meter <c>OmsWorkflows</c>. Dimensions are enumerations, never ids.</summary>
public sealed class AppMetrics
{
    private readonly Counter<long> _webhooks;
    private readonly Histogram<long> _webhookMilliseconds;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _timers;
    private long _waiting;
    private long _dead;
    private long _oldestSeconds;
    private long _unclaimed;

    /// <summary>Makes the instruments.</summary>
    public AppMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(AppTelemetry.Name);
        _webhooks = meter.CreateCounter<long>("oms_workflows.webhooks", "{delivery}", "Deliveries by verdict and event");
        _webhookMilliseconds = meter.CreateHistogram<long>(
            "oms_workflows.webhooks.duration", "ms", "Time to answer a delivery, by verdict");
        _deadLetters = meter.CreateCounter<long>("oms_workflows.inbox.dead_letters", "{event}", "Events nobody came for in time");
        _timers = meter.CreateCounter<long>("oms_workflows.timers", "{run}", "Runs of timer functions that came to their end, by name");
        meter.CreateObservableGauge(
            "oms_workflows.inbox.waiting", () => Volatile.Read(ref _waiting), "{event}", "Events that wait for a journey");
        meter.CreateObservableGauge(
            "oms_workflows.inbox.oldest", () => Volatile.Read(ref _oldestSeconds), "s", "Age of the event that waits longest");
        meter.CreateObservableGauge(
            "oms_workflows.inbox.dead", () => Volatile.Read(ref _dead), "{event}", "Dead letters an operator has not re-driven");
        meter.CreateObservableGauge(
            "oms_workflows.settlements.unclaimed",
            () => Volatile.Read(ref _unclaimed),
            "{settlement}",
            "Settled money that no journey claims");
    }

    /// <summary>A delivery was answered.</summary>
    internal void WebhookReceived(string verdict, string? name, TimeSpan took)
    {
        _webhooks.Add(1, new("verdict", verdict), new("event", name ?? "none"));
        _webhookMilliseconds.Record((long)took.TotalMilliseconds, new KeyValuePair<string, object?>("verdict", verdict));
    }

    /// <summary>An event became a dead letter.</summary>
    internal void DeadLettered() => _deadLetters.Add(1);

    /// <summary>A timer function came to its end.</summary>
    internal void TimerCompleted(string name) => _timers.Add(1, new KeyValuePair<string, object?>("timer", name));

    /// <summary>What the last sweep found.</summary>
    internal void Swept(long waiting, TimeSpan oldest, long dead, long unclaimed)
    {
        Volatile.Write(ref _waiting, waiting);
        Volatile.Write(ref _oldestSeconds, (long)oldest.TotalSeconds);
        Volatile.Write(ref _dead, dead);
        Volatile.Write(ref _unclaimed, unclaimed);
    }
}
