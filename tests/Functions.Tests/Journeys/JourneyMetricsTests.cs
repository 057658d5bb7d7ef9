using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OmsWorkflows.Journeys;
using OmsWorkflows.Telemetry;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Journeys;

public sealed class JourneyMetricsTests
{
    [Fact]
    public async Task A_journey_is_counted_in_each_phase_and_by_its_outcome_once()
    {
        var measured = new ConcurrentQueue<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, meters) =>
            {
                if (instrument.Meter.Name == AppTelemetry.Name
                    && instrument.Name.StartsWith("oms_workflows.journeys", StringComparison.Ordinal))
                    meters.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            measured.Enqueue(
                $"{instrument.Name["oms_workflows.journeys.".Length..]} {value} "
                    + $"{string.Join(' ', tags.ToArray().Select(tag => tag.Value))}"));
        listener.Start();

        await new JourneyScenario()
            .At(5, CommandNames.Confirm, "qt_1")
            .At(45, oms => oms.Payouts.Status = OmsWorkflows.Oms.TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .RunPayoutAsync();

        // Other tests run journeys meanwhile; payouts that end after so long in that phase are this one's.
        var phases = measured.Where(each => each.Contains(" Payout ", StringComparison.Ordinal)).ToList();
        phases.Should().Contain("entered 1 Payout AwaitingConfirmation").And.Contain("entered 1 Payout AwaitingPayout").And
            .Contain("ended 1 Payout Completed none");
        phases.Should().Contain(
            each => each.StartsWith("phase_time ", StringComparison.Ordinal) && each.EndsWith("AwaitingPayout", StringComparison.Ordinal));
    }
}
