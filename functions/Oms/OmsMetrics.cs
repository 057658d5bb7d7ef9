using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Oms;

/// <summary>Measures every attempt of a call, by route and status, so that repetitions count as OMS counts them.</summary>
internal sealed class OmsMetrics : DelegatingHandler
{
    private readonly Histogram<double> _attempts;

    public OmsMetrics(IMeterFactory meters)
        => _attempts = meters.Create(AppTelemetry.Name)
            .CreateHistogram<double>("oms_workflows.oms.calls", "ms", "Attempts of calls to OMS, by call and status");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var status = "no answer";
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            return response;
        }
        finally
        {
            _attempts.Record(
                Stopwatch.GetElapsedTime(started).TotalMilliseconds, new("call", OmsRequest.RouteOf(request)), new("status", status));
        }
    }
}
