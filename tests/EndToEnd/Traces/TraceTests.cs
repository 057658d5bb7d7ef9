using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd.Traces;

/// <summary>One trace for one journey, from the call that starts it to what OMS is asked, over host, engine and worker.</summary>
public sealed class TraceTests(TraceTests.Ground ground) : IClassFixture<TraceTests.Ground>
{
    public sealed class Ground : LocalMachine
    {
        internal TraceCollector Collector { get; } = TraceCollector.StartAsync().GetAwaiter().GetResult();

        internal override MachineSettings Settings => new()
        {
            App = new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Collector.Endpoint,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            },
        };
    }

    [Fact]
    public async Task CashIn_Completed_ItsActivitiesAndTheirCallsOfOmsBelongToTheCallThatStartedIt()
    {
        var id = await ground.StartCashInAsync();
        await ground.PayAsync(id, 120m);
        await ground.UntilPhaseAsync(id, "Completed");

        var trace = await TraceAsync();

        var start = trace.Single(span => span.Name == "POST api/cash-ins");
        start.ParentId.Should().BeEmpty("nobody called with a trace of their own");
        string[] activities = ["CreateCustomer", "ProvisionWallet", "CreateCashIn", "BookAndCloseIfSettled"];
        trace.Select(span => span.Name).Should().Contain(activities.Select(name => $"activity:{name}"));
        var byId = trace.ToDictionary(span => span.Id);
        foreach (var activity in trace.Where(span => span.Name.StartsWith("activity:", StringComparison.Ordinal)))
            Ancestors(activity, byId).Should().Contain(start, "{0} belongs to the call", activity.Name);
        var calls = trace.Where(span => span.Name is "POST" or "GET").ToList();
        var callers = calls.SelectMany(call => Ancestors(call, byId).Select(span => span.Name));
        callers.Should().Contain("activity:CreateCashIn", "OMS is called by activities");
    }

    /// <summary>Spans come a little after what they tell of; the orchestration's own is the last.</summary>
    private async Task<List<TraceCollector.Span>> TraceAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            if (ground.Collector.Spans.FirstOrDefault(span => span.Name == "orchestration:CashIn") is { } orchestration)
                return [.. ground.Collector.Spans.Where(span => span.TraceId == orchestration.TraceId)];
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Only {string.Join(", ", ground.Collector.Spans.Select(span => span.Name))}");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static IEnumerable<TraceCollector.Span> Ancestors(TraceCollector.Span span, Dictionary<string, TraceCollector.Span> byId)
    {
        while (byId.TryGetValue(span.ParentId, out var parent))
        {
            yield return parent;
            span = parent;
        }
    }
}
