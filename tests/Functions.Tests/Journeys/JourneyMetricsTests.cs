using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OmsWorkflows.Journeys;
using OmsWorkflows.Telemetry;
using OmsWorkflows.Webhooks;

namespace OmsWorkflows.Functions.Tests.Journeys;

public sealed class JourneyMetricsTests
{
    private static readonly string[] Dimensions = ["journey", "phase", "reason"];

    [Fact]
    public async Task A_journey_is_counted_in_each_phase_and_by_its_outcome_once()
    {
        using var entered = Collect("entered");
        using var ended = Collect("ended");
        using var times = Collect("phase_time");

        await new JourneyScenario()
            .At(5, CommandNames.Confirm, "qt_1")
            .At(45, oms => oms.Payouts.Status = OmsWorkflows.Oms.TransactionStatus.Completed, SignalEvent.TransactionCompleted)
            .RunPayoutAsync();

        // The meter is one for all journeys, so those of other tests are among them.
        Of(entered).Should().Contain("Payout AwaitingConfirmation").And.Contain("Payout AwaitingPayout");
        Of(ended).Should().Contain("Payout Completed none");
        Of(times).Should().Contain("Payout AwaitingPayout");
    }

    private static MetricCollector<long> Collect(string what) => new(null, AppTelemetry.Name, $"oms_workflows.journeys.{what}");

    private static IEnumerable<string> Of(MetricCollector<long> collected) => collected.GetMeasurementSnapshot()
        .Select(each => string.Join(' ', Dimensions.Select(name => each.Tags.GetValueOrDefault(name)).OfType<string>()));
}
