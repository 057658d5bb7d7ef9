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

    private const string Start = "POST api/cash-ins";
    private const string Caller = "activity:CreateCashIn";

    private static readonly string[] Activities =
        ["activity:CreateCustomer", "activity:ProvisionWallet", Caller, "activity:BookAndCloseIfSettled"];

    [Fact]
    public async Task CashIn_Completed_ItsActivitiesAndTheirCallsOfOmsBelongToTheCallThatStartedIt()
    {
        var id = await ground.StartCashInAsync();
        await ground.PayAsync(id, 120m);
        await ground.UntilPhaseAsync(id, "Completed");

        var trace = await TraceAsync();

        var start = trace.Single(span => span.Name == Start);
        start.ParentId.Should().BeEmpty("nobody called with a trace of their own");
        trace.Select(span => span.Name).Should().Contain(Activities);
        var byId = trace.ToDictionary(span => span.Id);
        foreach (var activity in trace.Where(IsActivity))
            Ancestors(activity, byId).Should().Contain(start, "{0} belongs to the call", activity.Name);
        var calls = trace.Where(span => span.Name is "POST" or "GET").ToList();
        var callers = calls.SelectMany(call => Ancestors(call, byId).Select(span => span.Name));
        callers.Should().Contain(Caller, "OMS is called by activities");
    }

    /// <summary>Spans come a little after what they tell of, those of host and worker each in their own time.</summary>
    private async Task<List<TraceCollector.Span>> TraceAsync()
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            if (ground.Collector.Spans.FirstOrDefault(span => span.Name == "orchestration:CashIn") is { } orchestration)
            {
                List<TraceCollector.Span> trace = [.. ground.Collector.Spans.Where(span => span.TraceId == orchestration.TraceId)];
                if (HasCome(trace))
                    return trace;
            }

            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Only {string.Join(", ", ground.Collector.Spans.Select(span => span.Name))}");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private static bool IsActivity(TraceCollector.Span span) => span.Name.StartsWith("activity:", StringComparison.Ordinal);

    /// <summary>Whether all that is looked at is there, and what is between.</summary>
    private static bool HasCome(List<TraceCollector.Span> trace)
    {
        var byId = trace.ToDictionary(span => span.Id);
        return Activities.All(name => trace.Exists(span => span.Name == name))
            && trace.Where(IsActivity).All(span => Ancestors(span, byId).Any(caller => caller.Name == Start))
            && trace.Exists(span => span.Name == "POST" && Ancestors(span, byId).Any(caller => caller.Name == Caller));
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
