using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using OmsWorkflows.Telemetry;

namespace OmsWorkflows.Oms;

/// <summary>Measures every attempt of a call, by route and status; the innermost handler, so that repetitions count as OMS counts them.</summary>
internal sealed class OmsMetrics : DelegatingHandler
{
    private readonly Histogram<double> _calls;

    public OmsMetrics(IMeterFactory meters) =>
        _calls = meters.Create(AppTelemetry.Name).CreateHistogram<double>("oms_workflows.oms.calls", "ms", "Attempts of calls to OMS, by call and status");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var status = "no answer";
        try
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            return response;
        }
        finally
        {
            _calls.Record(Stopwatch.GetElapsedTime(started).TotalMilliseconds, new("call", OmsRequests.Describe(request)), new("status", status));
        }
    }
}
